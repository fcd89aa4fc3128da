import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { linuxMachine } from '../../src/host/index.ts';
import { buildLab, listenerFor, planLab, predictedProbe, probe, removeLab, sameProbed } from '../../src/lab/index.ts';
import type { Lab, Observation, Probed } from '../../src/lab/index.ts';
import type { Network } from '../../src/model/index.ts';
import { askFor } from '../../src/reach/index.ts';
import { roundTrip, type LearntRedirect, type Question, type RoundTrip } from '../../src/trace/index.ts';
import { capture } from '../support/lab-capture.ts';
import { networkFrom } from '../support/lab-network.ts';
import { whyNoLab } from '../support/lab-available.ts';
import { capturesOf, cellsOf, COLUMNS, ROWS } from './fault-matrix.ts';

const folder = join(import.meta.dirname, 'matrix');
const reason = whyNoLab(['ip', 'nft', 'ping', 'openvpn', 'openssl', 'tcpdump']);
const AT_ONCE = 7;
const machine = linuxMachine();

/** What became of one row. */
interface Row {
  readonly cells: readonly string[];
  readonly predicted: readonly string[];
  readonly captures: string;
  readonly predictedCaptures: string;
  /** Columns where the model and the kernel differ, with both. */
  readonly different: readonly string[];
}

const SHORT: Readonly<Record<string, string>> = {
  '3/0': 'NU',
  '3/1': 'HU',
  '3/10': 'HP',
  ENETUNREACH: 'NU',
  EHOSTUNREACH: 'HU',
};

function cellOf(protocol: string, { first, second }: Probed): string {
  if (second?.kind === 'answered') return '1/2';
  const one = (o: Observation): string => {
    if (o.kind === 'answered') return 'ok';
    if (o.kind === 'timeout') return '--';
    if (o.kind === 'hang') return 'HNG';
    if (protocol === 'tcp') return o.kind === 'error' ? 'ERR' : '?';
    const key = o.kind === 'icmp' ? `${o.type}/${o.code}` : o.kind === 'error' ? o.errno : '?';
    return SHORT[key] ?? key;
  };
  return one(first);
}

/** Tells what a probe sees when the hosts believe these redirects already, and what they will believe afterwards. */
function predict(network: Network, question: Question, known: readonly LearntRedirect[]) {
  const first = roundTrip(network, known.length > 0 ? { ...question, redirects: known } : question);
  const after = [...known, ...first.learnt];
  if (question.protocol !== 'icmp' || first.verdict === 'answered') return { trip: first, trips: [first], after };
  const second = after.length > 0 ? roundTrip(network, { ...question, redirects: after }) : first;
  const healed = second.verdict === 'answered' ? second : null;
  return { trip: { ...first, secondTry: healed }, trips: [first, second], after: [...after, ...second.learnt] };
}

/** Where an echo request and its reply pass, as the traces say. */
function capturesIn(trips: readonly RoundTrip[]): string {
  const arrives = (way: 'forward' | 'return', host: string, dev: string): boolean =>
    trips.some((t) => t[way]?.hops.some((hop) => hop.host === host && hop.in === dev));
  const leaves = (way: 'forward' | 'return', host: string, dev: string): boolean =>
    trips.some((t) =>
      t[way]?.hops.some(
        (hop) => hop.host === host && hop.steps.some(({ action: a }) => a.kind === 'sent' && a.dev === dev),
      ),
    );
  const seen = [
    arrives('forward', 'srv', 'tun0'),
    leaves('forward', 'srv', 'eth0'),
    arrives('forward', 'h', 'eth0'),
    leaves('return', 'h', 'eth0'),
    arrives('return', 'srv', 'eth0'),
  ];
  return seen.map((s) => (s ? 'y' : '.')).join('');
}

async function watched<T>(
  lab: Lab,
  hasTun: boolean,
  action: () => Promise<T>,
): Promise<{ value: T; captures: string }> {
  const [lan, target, tun] = await Promise.all([
    capture(machine, lab, 'srv', 'eth0'),
    capture(machine, lab, 'h', 'eth0'),
    hasTun ? capture(machine, lab, 'srv', 'tun0') : null,
  ]);
  const value = await action();
  await machine.sleep(100);
  const seen = [
    tun?.count(/echo request/) ?? 0,
    lan.count(/echo request/),
    target.count(/echo request/),
    target.count(/echo reply/),
    lan.count(/echo reply/),
  ];
  await Promise.all([lan.stop(), target.stop(), tun?.stop()]);
  return { value, captures: seen.map((n) => (n > 0 ? 'y' : '.')).join('') };
}

async function runRow(overlay: string): Promise<Row> {
  const network = networkFrom(join(folder, 'base.yaml'), join(folder, `${overlay}.yaml`));
  const run = randomBytes(4).toString('hex');
  const built = await buildLab(machine, planLab(network, run));
  if (!built.value) throw new Error(`${overlay}: ${built.diagnostics.map((d) => d.message).join('; ')}`);
  try {
    return await probeRow(network, built.value);
  } finally {
    const left = await removeLab(machine, run);
    expect(left).toEqual([]);
  }
}

async function probeRow(network: Network, lab: Lab): Promise<Row> {
  const row = {
    cells: [] as string[],
    predicted: [] as string[],
    captures: '',
    predictedCaptures: '',
    different: [] as string[],
  };
  let known: readonly LearntRedirect[] = [];
  const hasTun = network.hosts.get('srv')!.interfaces.find((i) => i.name === 'tun0')!.up;
  for (const [name, from, to, protocol] of COLUMNS) {
    const asked = askFor(network, from, to, { protocol, port: protocol === 'icmp' ? 0 : 7000 });
    if (!asked.ok) throw new Error(asked.message);
    const { trip, trips, after } = predict(network, asked.value, known);
    known = after;
    const action = (): Promise<Probed> => probe(machine, lab, asked.value, listenerFor(trip));
    const isFirst = row.cells.length === 0;
    const seen = isFirst ? await watched(lab, hasTun, action) : { value: await action(), captures: '' };
    const expected = predictedProbe(trip);
    if (isFirst) Object.assign(row, { captures: seen.captures, predictedCaptures: capturesIn(trips) });
    row.cells.push(cellOf(protocol, seen.value));
    row.predicted.push(expected ? cellOf(protocol, expected) : '?');
    if (!expected || !sameProbed(expected, seen.value))
      row.different.push(
        `${name}: the model says ${JSON.stringify(expected)}, the kernel ${JSON.stringify(seen.value)}`,
      );
  }
  return row;
}

/** Runs all, so many at a time. */
async function inTurns<T, R>(
  all: readonly T[],
  atOnce: number,
  work: (one: T) => Promise<R>,
): Promise<Map<T, R | Error>> {
  const results = new Map<T, R | Error>();
  const waiting = [...all];
  const worker = async (): Promise<void> => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
      results.set(one, await work(one).catch((e: unknown) => e as Error));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}

function table(rows: ReadonlyMap<string, Row | Error>): string {
  const line = (cells: readonly string[]): string =>
    cells
      .map((c, i) => c.padEnd(i === 0 ? 23 : 11))
      .join(' ')
      .trimEnd();
  const body = [...rows].map(([name, row]) =>
    row instanceof Error ? `${name}: ${row.message}` : line([name, ...row.cells, row.captures]),
  );
  return [line(['fault', ...COLUMNS.map((c) => c[0]), 'captures']), ...body].join('\n');
}

describe.skipIf(reason !== null)('the fault matrix', () => {
  let rows = new Map<string, Row | Error>();
  const rowOf = (name: string): Row => {
    const row = rows.get(name);
    if (!row || row instanceof Error) throw row ?? new Error(`no row ${name}`);
    return row;
  };
  beforeAll(async () => {
    const names = ROWS.map(([overlay]) => overlay);
    const results = await inTurns(names, AT_ONCE, runRow);
    rows = new Map(names.map((n) => [n, results.get(n)!]));
    console.log(table(rows));
  }, 180_000);

  it.each(ROWS)('%s is as it was measured', (overlay, cells, captures) => {
    expect(rowOf(overlay).cells.join(' ')).toBe(cellsOf(cells).join(' '));
    expect(rowOf(overlay).captures).toBe(capturesOf(captures));
  });
  it.each(ROWS)('%s is as the model says', (overlay) => {
    const row = rowOf(overlay);
    expect(row.different).toEqual([]);
    expect(row.predicted.join(' ')).toBe(row.cells.join(' '));
    expect(row.predictedCaptures).toBe(row.captures);
  });
});
