import { Random } from '../../support/random.ts';
import type { HostSpec, NetworkSpec } from '../spec.ts';
import { Ground } from './ground.ts';
import { iptablesOf } from './iptables.ts';
import { nftTables } from './nft.ts';
import { probesOf } from './probes.ts';
import { routesOf } from './routes.ts';
import { PORTS, rulesOf } from './rules.ts';
import { climate, settingsOf } from './settings.ts';
import { bare, familyOf, topology, type Topology } from './topology.ts';
import { arpSettings, byLinkLocal, linkLocalOf, moreAddresses } from './variety.ts';

/** The network of that seed. */
export function networkOfSeed(seed: number): NetworkSpec {
  const random = new Random(seed);
  const ground = topology(random);
  const weather = climate(random);
  const faults = random.weighted([
    [3, 0],
    [4, 0.1],
    [2, 0.3],
  ]);
  const asks = random.chance(0.35);
  const firstPort = 20000 + random.int(0, 200) * 100;
  const filters = random.weighted<Filters>([
    [5, 'none'],
    [6, 'nft'],
    [1.5, 'iptables-nft'],
    [2, 'iptables-legacy'],
    [1, 'both'],
  ]);
  // drawn apart, so that everything else of a seed stays as it was
  const apart = new Random(seed ^ 0x5eed);
  const settled = moreAddresses(apart, ground);
  const drafts = ground.hosts.map((h, i): HostSpec => {
    const devices = h.devices.map((d) => d.name);
    return {
      ...settled.hosts[i]!,
      settings: [...settingsOf(random, devices, weather), ...arpSettings(apart, devices)],
      neighbours: [],
      routes: byLinkLocal(apart, ground, h.name, routesOf({ random, topology: ground, host: h.name, faults })),
      rules: rulesOf(random, ground, h.name).filter((r) => !asks || r.priority !== 0),
      // the other end of a veth pair would lose its carrier
      down: random.chance(0.01) ? random.sample(switched(ground, h.name), 1) : [],
      ...filtersOf(new Ground(random, ground, h.name, firstPort), filters),
    };
  });
  // a request that falls to rp_filter makes the asker give up; the model lets the packet itself fall
  const asksArp = asks && !drafts.some((h) => h.settings.some(([key]) => key.endsWith('rp_filter')));
  const isKnown = (n: HostSpec['neighbours'][number]): boolean => !(familyOf(n.address) === 4 ? asksArp : asks);
  const hosts = drafts.map((h) => ({ ...h, neighbours: neighboursOf(settled, h.name).filter(isKnown) }));
  return {
    name: `seed ${seed}`,
    ...(seed % 40 === 7 ? { collected: true } : {}),
    hosts,
    links: ground.segments.map((s) => s.link),
    ports: { tcp: PORTS, udp: PORTS },
    probes: probesOf(random, ground, { count: random.int(30, 70), firstPort }),
  };
}

const switched = (ground: Topology, host: string): string[] =>
  ground.segments
    .filter((s) => s.link.kind === 'switch')
    .flatMap((s) => s.ends.filter((e) => e.host === host).map((e) => e.dev));

type Filters = 'none' | 'nft' | 'iptables-nft' | 'iptables-legacy' | 'both';

function filtersOf(ground: Ground, filters: Filters): Pick<HostSpec, 'nft' | 'iptables'> {
  if (filters === 'none' || ground.random.chance(0.4)) return { nft: [], iptables: null };
  const nft = filters === 'nft' || filters === 'both' ? nftTables(ground) : [];
  const variant =
    filters === 'iptables-nft' ? 'nft' : filters === 'iptables-legacy' || filters === 'both' ? 'legacy' : null;
  return { nft, iptables: variant === null ? null : iptablesOf(ground, variant) };
}

/** Entries for everybody on the host's links: IPv4 hosts answer for all their addresses, IPv6 hosts for the device's. */
function neighboursOf(ground: Topology, host: string): HostSpec['neighbours'] {
  return ground.segments.flatMap((s) =>
    s.ends
      .filter((own) => own.host === host)
      .flatMap((own) =>
        s.ends
          .filter((e) => e !== own)
          .flatMap((e) => {
            const other = ground.hosts.find((h) => h.name === e.host)!;
            const mac = other.devices.find((d) => d.name === e.dev)!.mac;
            const all = other.addresses.filter((a) => a.dev === e.dev || familyOf(a.address) === 4);
            return [...all.map((a) => bare(a.address)), linkLocalOf(mac)].map((address) => ({
              dev: own.dev,
              address,
              mac,
            }));
          }),
      ),
  );
}
