import fc from 'fast-check';
import { diagnose } from '../../../src/diagnose/index.ts';
import { loadText } from '../../../src/facts/index.ts';
import { applyChanges, type Change, type Network } from '../../../src/model/index.ts';
import { askFor } from '../../../src/reach/index.ts';
import { roundTrip, type Question } from '../../../src/trace/index.ts';
import { FAULTS, type Direction, type Fault } from './faults.ts';
import { anyPlan, draftOf, textOf, type Draft, type Plan } from './healthy.ts';
import { LOST_ROUTE, SITE_FAULTS } from './site-faults.ts';

/** Every kind of fault that is put into random networks. */
export const ALL_FAULTS: readonly Fault[] = [...FAULTS, LOST_ROUTE, ...SITE_FAULTS];

/** One fault in one network, and how it is asked. */
export interface Case {
  readonly plan: Plan;
  readonly fault: Fault;
  readonly direction: Direction;
  readonly protocol: 'icmp' | 'tcp';
}

/** Faults in networks where they can be, and would be felt. */
export const anyCase: fc.Arbitrary<Case> = fc.constantFrom(...ALL_FAULTS).chain((fault) =>
  fc
    .record({
      plan: anyPlan,
      fault: fc.constant(fault),
      direction: fc.constantFrom('in' as const, 'in' as const, 'out' as const),
      protocol: fc.constantFrom('icmp' as const, 'tcp' as const),
    })
    .filter(({ plan, direction }) => fault.fits(plan, direction)),
);

/** The network that a draft makes. */
export function networkOf(draft: Draft): Network {
  const { value, diagnostics } = loadText(textOf(draft), 'network.yaml', { read: () => null, list: () => [] });
  const faults = diagnostics.filter((d) => d.severity === 'error');
  if (faults.length > 0) throw new Error(`${faults.map((f) => f.message).join('\n')}\n${textOf(draft)}`);
  return value;
}

/** How a question is asked. */
export interface Way {
  readonly direction: Direction;
  readonly protocol: 'icmp' | 'tcp';
  readonly family: 4 | 6;
  readonly asker?: string | undefined;
}

/** The client asks the target, or the other way round. */
export function ask(network: Network, { direction, protocol, family, asker = 'laptop' }: Way): Question {
  const [from, to] = direction === 'in' ? [asker, 'target'] : ['target', asker];
  const question = askFor(network, from, to, { protocol, port: protocol === 'tcp' ? 22 : 0, family });
  if (!question.ok) throw new Error(question.message);
  return question.value;
}

/** Whether the question is answered. */
export const isAnswered = (network: Network, question: Question): boolean =>
  roundTrip(network, question).verdict === 'answered';

/** What was found. */
export interface Result {
  readonly expected: string;
  readonly found: string;
  /** The first fix heals what was asked, and the other direction where it should. */
  readonly healed: boolean;
}

/** Puts the fault in and looks what is found. */
export function examine({ plan, fault, direction, protocol }: Case): Result {
  const draft = draftOf(plan);
  fault.put(draft);
  const network = networkOf(draft);
  const question = ask(network, { direction, protocol, family: plan.family, asker: fault.asker });
  const findings = diagnose(network, question, roundTrip(network, question));
  const changes = findings[0]?.fixes[0]?.changes ?? [];
  return {
    expected: fault.cause(plan, direction).join(' at '),
    found: findings.map((f) => `${f.cause} at ${f.host}`).join(', ') || 'nothing',
    healed: changes.length > 0 && heals(network, changes, { plan, fault, direction, protocol }),
  };
}

function heals(network: Network, changes: readonly Change[], { plan, fault, direction, protocol }: Case): boolean {
  const changed = applyChanges(network, changes);
  const way: Way = { direction, protocol, family: plan.family, asker: fault.asker };
  const other = direction === 'in' ? 'out' : 'in';
  const back = !fault.healsBoth || isAnswered(changed, ask(changed, { ...way, direction: other, protocol: 'icmp' }));
  return back && isAnswered(changed, ask(changed, way));
}

/** What faults were taken for. */
export interface Confusion {
  /** How many cases ended as each row says: `fault (direction): expected -> found`. */
  readonly rows: ReadonlyMap<string, number>;
  /** Rows where something else was found, or the first fix did not heal it. */
  readonly missed: number;
  readonly total: number;
}

/** Examines random cases. */
export function confusionOf(runs: number, seed: number): Confusion {
  const rows = new Map<string, number>();
  let missed = 0;
  const cases = fc.sample(anyCase, { numRuns: runs, seed });
  for (const one of cases) {
    const { expected, found, healed } = examine(one);
    const isRight = found === expected && healed;
    const verdict = isRight ? 'right' : found === expected ? `${found}, not healed by the first fix` : found;
    const row = `${one.fault.name} (${one.direction}): ${expected} -> ${verdict}`;
    rows.set(row, (rows.get(row) ?? 0) + 1);
    if (!isRight) missed++;
  }
  return { rows, missed, total: cases.length };
}

/** The rows as a table, one a line. */
export const confusionTable = ({ rows }: Confusion): string =>
  [...rows]
    .sort()
    .map(([row, n]) => `${String(n).padStart(4)}  ${row}`)
    .join('\n');
