import { bitsOf, contains, defaultPrefix, hostPrefix } from '../../ip/index.ts';
import { TABLE, type Change, type VirtualServer } from '../../model/index.ts';
import { isConnected } from '../connected.ts';
import { directorOf, neighbourAt } from '../director.ts';
import type { Failure } from '../failure.ts';
import { prefixAround } from '../network-prefix.ts';
import { newRoute } from './new-route.ts';
import type { Remedy } from './remedy.ts';

/** What brings a virtual server's answers home, or its real servers back. */
export const virtualServerRemedies = (failure: Failure): Remedy[] => [
  ...weightRemedies(failure),
  ...returnRemedies(failure),
];

function weightRemedies({ hop }: Failure): Remedy[] {
  const action = hop.steps.findLast((s) => s.action.kind === 'no-real-server')?.action;
  if (action?.kind !== 'no-real-server' || action.service.realServers.length === 0) return [];
  const server: VirtualServer = {
    ...action.service,
    realServers: action.service.realServers.map((s) => ({ ...s, weight: Math.max(1, s.weight) })),
  };
  const changes: Change[] = [{ kind: 'set-virtual-server', host: hop.host, server }];
  return [{ kind: 'restore-weight', host: hop.host, changes }];
}

/** The real server sends its answers to the director: those to the client's network, or all that leave its own. */
function returnRemedies({ network, trip, trace, direction }: Failure): Remedy[] {
  const director = directorOf(trip);
  const first = trace.hops[0]!;
  if (direction !== 'back' || director === null || trace.hops.some((h) => h.host === director)) return [];
  const host = network.hosts.get(first.host)!;
  const { destination, family } = first.after;
  const next = neighbourAt(network, host, director, family);
  if (!next) return [];
  const around = prefixAround(network, destination);
  const isNear = host.routes.some(
    (r) => r.table === TABLE.main && isConnected(host, r) && contains(r.prefix, destination),
  );
  const isOne = around.length === bitsOf(family) && !isNear;
  const prefix = isNear ? hostPrefix(destination) : isOne ? defaultPrefix(family) : around;
  const standing = host.routes.filter(
    (r) =>
      r.table === TABLE.main &&
      r.prefix.address.family === family &&
      r.prefix.length === prefix.length &&
      contains(r.prefix, destination),
  );
  const removed = standing.map((route): Change => ({ kind: 'remove-route', host: host.name, route }));
  const added: Change = { kind: 'add-route', host: host.name, route: newRoute(prefix, next), by: 'hand' };
  return [{ kind: isOne ? 'default-gateway' : 'route-on-target', host: host.name, changes: [...removed, added] }];
}
