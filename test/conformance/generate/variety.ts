import type { Random } from '../../support/random.ts';
import type { AddressSpec, HostSpec, RouteSpec } from '../spec.ts';
import { at, bare, familyOf, type End, type Topology } from './topology.ts';

/** The link-local address that the kernel makes of a MAC (addrconf_ifid_eui48). */
export function linkLocalOf(mac: string): string {
  const [a, b, c, d, e, f] = mac.split(':').map((byte) => parseInt(byte, 16)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const words = [((a ^ 2) << 8) | b, (c << 8) | 0xff, 0xfe00 | d, (e << 8) | f];
  // as the kernel prints it: the first run of zeros is the prefix's own
  return `fe80::${words
    .map((w) => w.toString(16))
    .join(':')
    .replace(/^(0:)+/, '')}`;
}

const macOf = (topology: Topology, { host, dev }: End): string =>
  topology.hosts.find((h) => h.name === host)!.devices.find((d) => d.name === dev)!.mac;

/** More addresses on some interfaces, to choose sources from: other prefixes, scopes and lengths, old ones. */
export function moreAddresses(random: Random, topology: Topology): Topology {
  if (!random.chance(0.3)) return topology;
  const hosts = topology.hosts.map((h) => {
    const more = h.devices.flatMap((d, i) => (random.chance(0.3) ? [another(random, topology, d.name, i)] : []));
    const own = h.addresses.map((a): AddressSpec => (random.chance(0.05) ? { ...a, deprecated: true } : a));
    return { ...h, addresses: random.chance(0.5) ? [...own, ...more] : [...more, ...own] };
  });
  return { ...topology, hosts };
}

function another(random: Random, topology: Topology, dev: string, number: number): AddressSpec {
  const prefixes = topology.segments.flatMap((s) => s.prefixes);
  const last = random.int(150, 199);
  const inSegment = at(random.pick(prefixes), last);
  return random.weighted<AddressSpec>([
    [2, { dev, address: `2001:db8:${number + 1}:1::${last}/64` }],
    [1, { dev, address: `2002:c000:${number + 1}::${last}/64` }],
    [1, { dev, address: `2001:db8:${number + 1}:1::${last}/64`, deprecated: true }],
    [2, { dev, address: `198.18.${number}.${last}/24` }],
    [1, { dev, address: `198.18.${number}.${last}/24`, scope: 'link' }],
    [1, { dev, address: inSegment, ...(familyOf(inSegment) === 4 ? { scope: random.pick(['link', 'host']) } : {}) }],
    [1, { dev, address: `${bare(inSegment)}/${familyOf(inSegment) === 4 ? 32 : 128}` }],
  ]);
}

/** Settings that say for whom a host answers ARP requests. */
export function arpSettings(random: Random, devices: readonly string[]): HostSpec['settings'] {
  if (!random.chance(0.25)) return [];
  const dev = random.pick(['all', ...devices]);
  const [key, values] = random.pick([
    ['arp_ignore', ['1', '1', '2', '3', '8']],
    ['proxy_arp', ['1']],
  ] as const);
  return [[`ipv4/conf/${dev}/${key}`, random.pick(values)]];
}

/** Routes as router advertisements and routing protocols make them: the gateway by its link-local address. */
export function byLinkLocal(
  random: Random,
  topology: Topology,
  host: string,
  routes: readonly RouteSpec[],
): RouteSpec[] {
  const share = random.weighted([
    [6, 0],
    [2, 0.3],
    [2, 0.9],
  ]);
  return routes.map((r) => {
    const way =
      r.via !== undefined && familyOf(r.prefix) === 6 && random.chance(share) ? wayBy(topology, host, r) : null;
    return way ? { ...r, ...way } : r;
  });
}

function wayBy(topology: Topology, host: string, { via, dev }: RouteSpec): { via: string; dev: string } | null {
  for (const { ends } of topology.segments) {
    const own = ends.find((e) => e.host === host && (dev === undefined || e.dev === dev));
    const other = ends.find((e) => e !== own && e.addresses.some((a) => bare(a) === via));
    if (own && other) return { via: linkLocalOf(macOf(topology, other)), dev: own.dev };
  }
  return null;
}
