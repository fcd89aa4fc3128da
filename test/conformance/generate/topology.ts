import type { Random } from '../../support/random.ts';
import type { HostSpec, LinkSpec } from '../spec.ts';

/** One host's place on one link: device and addresses with their length. */
export interface End {
  readonly host: string;
  readonly dev: string;
  readonly addresses: readonly string[];
}

/** One layer-2 segment with its address blocks. */
export interface Segment {
  readonly link: LinkSpec;
  readonly prefixes: readonly string[];
  readonly ends: readonly End[];
}

/** Hosts, segments and addresses, before any route. */
export interface Topology {
  readonly hosts: readonly Pick<HostSpec, 'name' | 'devices' | 'addresses'>[];
  readonly segments: readonly Segment[];
  /** Addresses on `lo`, by host. */
  readonly loopbacks: ReadonlyMap<string, readonly string[]>;
}

const HOSTS = ['ant', 'bee', 'cat', 'dog', 'eel', 'fox', 'gnu', 'hen'];
const DEVICES = ['eth0', 'lan0', 'wan0', 'eth1', 'lan1', 'dmz', 'eth2', 'wan1', 'eth3'];

/** The text of an address without its length. */
export const bare = (address: string): string => address.slice(0, address.indexOf('/'));

/** The IP version of an address or prefix in text. */
export const familyOf = (text: string): 4 | 6 => (text.includes(':') ? 6 : 4);

/** A connected network of 2 to 8 hosts. */
export function topology(random: Random): Topology {
  const names = HOSTS.slice(
    0,
    random.weighted([
      [1, 2],
      [4, 3],
      [6, 4],
      [5, 5],
      [3, 6],
      [1, 7],
      [1, 8],
    ]),
  );
  const devices = new Map(names.map((name) => [name, [] as { name: string; mac: string }[]]));
  const groups = groupsOf(random, names);
  const segments = groups.map((group, i) => segmentOf(random, group, i, devices));
  const loopbacks = new Map(
    names.filter(() => random.chance(0.2)).map((name) => [name, loopbackOf(random, names.indexOf(name))] as const),
  );
  const hosts = names.map((name) => ({
    name,
    devices: devices.get(name)!,
    addresses: [
      ...segments.flatMap((s) =>
        s.ends.filter((e) => e.host === name).flatMap((e) => e.addresses.map((address) => ({ dev: e.dev, address }))),
      ),
      ...(loopbacks.get(name) ?? []).map((address) => ({ dev: 'lo', address })),
    ],
  }));
  return { hosts, segments, loopbacks };
}

/** Which hosts share a link: a tree, and some links more. */
function groupsOf(random: Random, names: readonly string[]): string[][] {
  const groups: string[][] = [];
  const joined = [names[0]!];
  const waiting = names.slice(1);
  while (waiting.length > 0) {
    const count = random.weighted([
      [6, 1],
      [2, 2],
      [1, 3],
    ]);
    const fresh = waiting.splice(0, count);
    groups.push([random.pick(joined), ...fresh]);
    joined.push(...fresh);
  }
  const extra =
    names.length > 2
      ? random.weighted([
          [4, 0],
          [4, 1],
          [2, 2],
        ])
      : random.weighted([
          [3, 0],
          [1, 1],
        ]);
  for (let i = 0; i < extra; i++) groups.push(random.sample(names, random.chance(0.8) ? 2 : Math.min(3, names.length)));
  return groups;
}

function segmentOf(
  random: Random,
  group: readonly string[],
  number: number,
  devices: ReadonlyMap<string, { name: string; mac: string }[]>,
): Segment {
  const families = random.weighted([
    [8, [4, 6]],
    [1, [4]],
    [1, [6]],
  ]);
  const prefixes = families.map((f) => prefixOf(random, f, number));
  const ends = group.map((host, i): End => {
    const own = devices.get(host)!;
    const dev = DEVICES[own.length]!;
    own.push({ name: dev, mac: `02:00:00:${hex(number)}:${hex(i)}:${hex(own.length)}` });
    const last = random.chance(0.15) ? 10 * (i + 1) + random.int(0, 9) : i + 1;
    const addresses = prefixes.map((p) => at(p, last));
    if (random.chance(0.08)) addresses.push(at(random.pick(prefixes), 100 + i));
    return { host, dev, addresses };
  });
  const kind = group.length === 2 && random.chance(0.8) ? 'pair' : 'switch';
  const link: LinkSpec = { name: `net${number}`, kind, ends: ends.map(({ host, dev }) => ({ host, dev })) };
  return { link, prefixes, ends };
}

const hex = (n: number): string => n.toString(16).padStart(2, '0');

function prefixOf(random: Random, family: number, number: number): string {
  if (family === 6) return `fd00:${number + 1}::/64`;
  return random.pick([`10.${number}.0.0/24`, `192.168.${number}.0/24`, `172.16.${number}.0/25`, `10.${number}.0.0/16`]);
}

/** The address of that number in a prefix, with the prefix's length. */
export function at(prefix: string, number: number): string {
  const [network, length] = prefix.split('/') as [string, string];
  if (network.includes(':')) return `${network}${number.toString(16)}/${length}`;
  return `${network.replace(/\d+$/, '')}${number}/${length}`;
}

function loopbackOf(random: Random, number: number): string[] {
  return random.pick([
    [`192.0.2.${number + 1}/32`, `2001:db8::${number + 1}/128`],
    [`192.0.2.${number + 1}/32`],
    [`2001:db8::${number + 1}/128`],
  ]);
}
