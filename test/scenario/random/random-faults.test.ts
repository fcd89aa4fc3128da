import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../../src/diagnose/index.ts';
import { loadText } from '../../../src/facts/index.ts';
import { applyChanges, type Change, type Network } from '../../../src/model/index.ts';
import { askFor } from '../../../src/reach/index.ts';
import { roundTrip, type Question } from '../../../src/trace/index.ts';
import { FAULTS, type Direction, type Fault } from './faults.ts';
import { anyPlan, draftOf, textOf, type Draft, type Plan } from './healthy.ts';

interface Case {
  readonly plan: Plan;
  readonly fault: Fault;
  readonly direction: Direction;
  readonly protocol: 'icmp' | 'tcp';
}

const anyCase: fc.Arbitrary<Case> = fc
  .record({
    plan: anyPlan,
    fault: fc.constantFrom(...FAULTS),
    direction: fc.constantFrom('in' as const, 'in' as const, 'out' as const),
    protocol: fc.constantFrom('icmp' as const, 'tcp' as const),
  })
  .filter(({ plan, fault, direction }) => fault.fits(plan, direction));

function networkOf(draft: Draft): Network {
  const { value, diagnostics } = loadText(textOf(draft), 'network.yaml', { read: () => null, list: () => [] });
  const faults = diagnostics.filter((d) => d.severity === 'error');
  if (faults.length > 0) throw new Error(`${faults.map((f) => f.message).join('\n')}\n${textOf(draft)}`);
  return value;
}

function ask(network: Network, direction: Direction, protocol: 'icmp' | 'tcp', family: 4 | 6): Question {
  const [from, to] = direction === 'in' ? ['laptop', 'target'] : ['target', 'laptop'];
  const question = askFor(network, from, to, { protocol, port: protocol === 'tcp' ? 22 : 0, family });
  if (!question.ok) throw new Error(question.message);
  return question.value;
}

const isAnswered = (network: Network, question: Question): boolean =>
  roundTrip(network, question).verdict === 'answered';

interface Result {
  readonly expected: string;
  readonly found: string;
  /** The first fix heals what was asked, and the other direction where it should. */
  readonly healed: boolean;
}

function examine({ plan, fault, direction, protocol }: Case): Result {
  const draft = draftOf(plan);
  fault.put(draft);
  const network = networkOf(draft);
  const question = ask(network, direction, protocol, plan.family);
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
  const other = direction === 'in' ? 'out' : 'in';
  const back = !fault.healsBoth || isAnswered(changed, ask(changed, other, 'icmp', plan.family));
  return back && isAnswered(changed, ask(changed, direction, protocol, plan.family));
}

const RUNS = Number(process.env['WAYMARK_RUNS'] ?? 200);
const seed = Number(process.env['WAYMARK_SEED'] ?? 20251122);

describe('one fault in a random network', () => {
  it('is not there before', () => {
    for (const plan of fc.sample(anyPlan, { numRuns: 60, seed })) {
      const network = networkOf(draftOf(plan));
      for (const direction of ['in', 'out'] as const)
        for (const protocol of ['icmp', 'tcp'] as const)
          expect(isAnswered(network, ask(network, direction, protocol, plan.family)), textOf(draftOf(plan))).toBe(true);
    }
  }, 60_000);

  it('is named alone, at its host, in 99 of 100 networks, and the first fix heals it', () => {
    const cases = fc.sample(anyCase, { numRuns: RUNS, seed });
    const table = new Map<string, number>();
    for (const one of cases) {
      const { expected, found, healed } = examine(one);
      const verdict = found === expected ? (healed ? 'right' : `${found}, not healed by the first fix`) : found;
      const row = `${one.fault.name} (${one.direction}): ${expected} -> ${verdict}`;
      table.set(row, (table.get(row) ?? 0) + 1);
    }
    const wrong = [...table].filter(([row]) => !row.endsWith('-> right'));
    const missed = wrong.reduce((sum, [, n]) => sum + n, 0);
    const confusion = [...table]
      .sort()
      .map(([row, n]) => `${String(n).padStart(4)}  ${row}`)
      .join('\n');
    expect(missed / cases.length, confusion).toBeLessThanOrEqual(0.01);
    // every fault was tried
    expect(new Set(cases.map((c) => c.fault.name)).size).toBe(FAULTS.length);
  }, 60_000);
});

describe('two faults in a random network', () => {
  const anyTwo = fc
    .record({ one: anyCase, other: fc.constantFrom(...FAULTS) })
    .filter(({ one, other }) => other !== one.fault && other.fits(one.plan, one.direction));

  it('are found, and healed without hiding who asks', () => {
    for (const { one, other } of fc.sample(anyTwo, { numRuns: RUNS / 2, seed })) {
      const draft = draftOf(one.plan);
      one.fault.put(draft);
      other.put(draft);
      const network = networkOf(draft);
      const question = ask(network, one.direction, one.protocol, one.plan.family);
      const trip = roundTrip(network, question);
      // two faults may undo each other: a rule that was to drop is replaced by another
      if (trip.verdict === 'answered') continue;
      const fix = diagnose(network, question, trip)[0]?.fixes[0];
      const said = `${one.fault.name}, ${other.name} (${one.direction})`;
      expect(fix && isAnswered(applyChanges(network, fix.changes), question), said).toBe(true);
      expect(
        fix!.parts.map((p) => p.kind),
        said,
      ).not.toContain('masquerade');
    }
  }, 60_000);
});
