import type { Address } from '../ip/index.ts';
import type { Host, Network } from '../model/index.ts';
import type { RoundTrip } from '../trace/index.ts';

/** The host whose IPVS translated the way there, when the answer has to come back through it. */
export function directorOf({ forward }: RoundTrip): string | null {
  const hop = forward.hops.find((h) =>
    h.steps.some((s) => s.action.kind === 'balanced' && s.action.server.method === 'nat'),
  );
  return hop?.host ?? null;
}

/** A neighbour's address as a next hop. */
export interface NeighbourAt {
  readonly dev: string;
  readonly via: Address;
}

/** How a host reaches another that is on one of its links; null when none of its links has both. */
export function neighbourAt(network: Network, host: Host, other: string, family: 4 | 6): NeighbourAt | null {
  for (const dev of host.interfaces) {
    const link = dev.link === undefined ? undefined : network.links.get(dev.link);
    for (const end of link?.attachments.filter((a) => a.host === other) ?? []) {
      const there = network.hosts.get(other)?.interfaces.find((i) => i.name === end.interface);
      const via = there?.addresses.find((a) => a.address.family === family && a.scope === 'global')?.address;
      if (via) return { dev: dev.name, via };
    }
  }
  return null;
}
