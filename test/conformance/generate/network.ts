import { Random } from '../random.ts';
import type { HostSpec, NetworkSpec } from '../spec.ts';
import { probesOf } from './probes.ts';
import { routesOf } from './routes.ts';
import { PORTS, rulesOf } from './rules.ts';
import { climate, settingsOf } from './settings.ts';
import { bare, familyOf, topology, type Topology } from './topology.ts';

/** The network of that seed. */
export function networkOfSeed(seed: number): NetworkSpec {
  const random = new Random(seed);
  const ground = topology(random);
  const weather = climate(random);
  const faults = random.weighted([[3, 0], [4, 0.1], [2, 0.3]]);
  const asks = random.chance(0.35);
  const hosts = ground.hosts.map((h): HostSpec => {
    const devices = h.devices.map((d) => d.name);
    return {
      ...h,
      settings: settingsOf(random, devices, weather),
      neighbours: asks ? [] : neighboursOf(ground, h.name),
      routes: routesOf({ random, topology: ground, host: h.name, faults }),
      rules: rulesOf(random, ground, h.name),
      down: random.chance(0.01) && devices.length > 0 ? [random.pick(devices)] : [],
      nft: [],
      iptables: null,
    };
  });
  return {
    name: `seed ${seed}`,
    hosts,
    links: ground.segments.map((s) => s.link),
    ports: { tcp: PORTS, udp: PORTS },
    probes: probesOf(random, ground, random.int(30, 70)),
  };
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
            return all.map((a) => ({ dev: own.dev, address: bare(a.address), mac }));
          }),
      ),
  );
}
