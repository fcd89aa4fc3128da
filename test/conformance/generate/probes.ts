import type { Random } from '../../support/random.ts';
import type { ProbeSpec } from '../spec.ts';
import { PORTS, TOSES } from './rules.ts';
import { STRANGERS } from './routes.ts';
import { at, bare, familyOf, type Topology } from './topology.ts';

/** Questions between random hosts: mostly at addresses that somebody has. */
export function probesOf(
  random: Random,
  topology: Topology,
  { count, firstPort }: { readonly count: number; readonly firstPort: number },
): ProbeSpec[] {
  const owned = topology.hosts.flatMap((h) => h.addresses.map((a) => ({ host: h.name, address: bare(a.address) })));
  return Array.from({ length: count }, (_, i): ProbeSpec => {
    const from = random.pick(topology.hosts);
    const destination = destinationOf(random, topology, owned, from.name);
    const protocol = random.weighted([
      [4, 'icmp'],
      [3, 'udp'],
      [3, 'tcp'],
    ] as const);
    const own = from.addresses.map((a) => bare(a.address)).filter((a) => familyOf(a) === familyOf(destination));
    return {
      from: from.name,
      ...(own.length > 0 && random.chance(0.35) ? { source: random.pick(own) } : {}),
      destination,
      protocol,
      destinationPort: protocol === 'icmp' ? 0 : random.pick(PORTS),
      sourcePort: firstPort + i,
      ...(random.chance(0.12) ? { tos: random.pick(TOSES) } : {}),
    };
  });
}

function destinationOf(
  random: Random,
  topology: Topology,
  owned: readonly { readonly host: string; readonly address: string }[],
  from: string,
): string {
  const prefixes = topology.segments.flatMap((s) => s.prefixes);
  return random.weighted<() => string>([
    [30, () => random.pick(owned.filter((o) => o.host !== from)).address],
    [2, () => random.pick(owned).address],
    [2, () => bare(at(random.pick(prefixes), random.int(90, 119)))],
    [2, () => bare(at(random.pick(STRANGERS[random.pick([4, 6] as const)]), random.int(1, 9)))],
  ])();
}
