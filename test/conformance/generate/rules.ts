import type { Random } from '../../support/random.ts';
import type { RuleSpec } from '../spec.ts';
import { anyPrefix } from './routes.ts';
import type { Topology } from './topology.ts';

/** Marks that rules and filters use. */
export const MARKS = [1, 2, 0x10, 0x11, 0x100] as const;
/** Destination ports of probes. */
export const PORTS = [22, 53, 80, 443, 8080] as const;
/** TOS values of probes. */
export const TOSES = [0x04, 0x08, 0x10, 0x1c, 0x28, 0xb8] as const;

/** Policy rules of one host; many hosts have none. */
export function rulesOf(random: Random, topology: Topology, host: string): RuleSpec[] {
  if (!random.chance(0.4)) return [];
  const rules = Array.from({ length: random.int(1, 5) }, () => rule(random, topology, host)).flat();
  return random.chance(0.03) ? [...rules, ...movedLocal(random)] : rules;
}

function rule(random: Random, topology: Topology, host: string): RuleSpec[] {
  const family = random.chance(0.6) ? 4 : 6;
  const priority = random.pick([10, 50, 100, 200, 300, 1000, 5000, 32765, 32766, 32770, 40000]) + random.int(0, 3);
  const base = { family, priority, ...selectors(random, topology, { host, family }) } as const;
  const table = random.weighted([
    [4, 100],
    [3, 101],
    [2, 102],
    [2, 254],
    [1, 253],
    [1, 255],
    [1, 77],
  ]);
  return random.weighted<RuleSpec[]>([
    [8, [{ ...base, action: 'table', table }]],
    [3, [{ ...base, action: 'table', table, suppress: random.pick(family === 4 ? [0, 8, 16, 24] : [0, 16, 64]) }]],
    [
      1,
      [
        { ...base, action: 'table', table: 254, suppress: 0 },
        { ...base, priority: priority + 1, action: 'table', table: 100 },
      ],
    ],
    [1, [{ ...base, action: 'goto', goto: random.pick([priority + 1, 300, 5000, 32766, 39999]) }]],
    [1, [{ ...base, action: 'nop' }]],
    [1, [{ ...base, action: 'unreachable' }]],
    [1, [{ ...base, action: 'prohibit' }]],
    [1, [{ ...base, action: 'blackhole' }]],
  ]);
}

function selectors(
  random: Random,
  topology: Topology,
  { host, family }: { readonly host: string; readonly family: 4 | 6 },
): Partial<RuleSpec> {
  const devices = topology.hosts.find((h) => h.name === host)!.devices.map((d) => d.name);
  const dev = (): string => random.pick([...devices, 'lo']);
  const range = (low: number): readonly [number, number] => [low, low + random.int(0, 20)];
  const one = (): Partial<RuleSpec> =>
    random.weighted<() => Partial<RuleSpec>>([
      [4, () => ({ from: anyPrefix({ random, topology }, family) })],
      [4, () => ({ to: anyPrefix({ random, topology }, family) })],
      [3, () => ({ iif: dev() })],
      [1, () => ({ oif: dev() })],
      [
        4,
        () =>
          random.chance(0.5)
            ? { mark: random.pick(MARKS) }
            : { mark: random.pick(MARKS), mask: random.pick([1, 0xff, 0xf0]) },
      ],
      [2, () => ({ tos: random.pick([0x04, 0x08, 0x10, 0x1c]) })],
      [2, () => ({ protocol: random.pick(family === 4 ? [1, 6, 17] : [58, 6, 17]) })],
      [1, () => ({ protocol: random.pick([6, 17]), dport: random.chance(0.5) ? [80, 80] : [22, 80] })],
      [1, () => ({ protocol: random.pick([6, 17]), sport: range(20000 + random.int(0, 60)) })],
      [1, () => ({ dport: range(random.pick(PORTS)) })],
      [1, () => ({})],
    ])();
  const all = { ...one(), ...(random.chance(0.3) ? one() : {}) };
  return random.chance(0.08) ? { ...all, not: true } : all;
}

/** IPv4's local table asked later than usual; IPv6 would then lose its own neighbours' answers too. */
function movedLocal(random: Random): RuleSpec[] {
  const family = 4;
  return [
    { family, priority: random.pick([150, 32767]), action: 'table', table: 255 },
    { family, priority: 0, action: 'table', table: 255, delete: true },
  ];
}
