import { contains } from '../../ip/index.ts';
import { TABLE, type Change } from '../../model/index.ts';
import type { Failure } from '../failure.ts';
import { prefixAround } from '../network-prefix.ts';
import { sourceCheckOf, wayToSource } from '../source-way.ts';
import { newRoute } from './new-route.ts';
import type { Remedy } from './remedy.ts';

/** A route to the packet's source, for a host that dropped it because its own way there is another or none. */
export function sourceRemedies(failure: Failure): Remedy[] {
  const { network, hop, packet } = failure;
  const next = wayToSource(failure);
  if (!sourceCheckOf(failure) || next?.dev !== hop.in) return [];
  const prefix = prefixAround(network, packet.source);
  const host = network.hosts.get(hop.host)!;
  const isThere = host.routes.some(
    (r) => r.table === TABLE.main && r.prefix.length >= prefix.length && contains(r.prefix, packet.source),
  );
  if (isThere) return [];
  const change: Change = { kind: 'add-route', host: host.name, route: newRoute(prefix, next), by: 'hand' };
  return [
    { kind: host.name === failure.trip.to ? 'route-on-target' : 'route-on-router', host: host.name, changes: [change] },
  ];
}
