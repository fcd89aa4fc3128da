import { contains, hostPrefix, type Prefix } from '../../ip/index.ts';
import { TABLE, type Change, type Host } from '../../model/index.ts';
import { behindClient } from '../behind-client.ts';
import { isConnected } from '../connected.ts';
import type { Failure } from '../failure.ts';
import { prefixAround } from '../network-prefix.ts';
import { isOverInternet } from '../right-way.ts';
import { isRouter } from '../router.ts';
import type { WrongTurn } from '../wrong-turn.ts';
import { byDhcp, byPush } from './given-route.ts';
import { newRoute } from './new-route.ts';
import type { Remedy } from './remedy.ts';

type AddRoute = Extract<Change, { kind: 'add-route' }>;

/**
 * Routes that would bring the lost packet home: one on each host that it left in another direction than the links and
 * tunnels ask for.
 */
export const routeRemedies = (failure: Failure): Remedy[] => failure.turns.flatMap((turn) => remediesAt(failure, turn));

function remediesAt(failure: Failure, turn: WrongTurn): Remedy[] {
  const { network, packet } = failure;
  const host = network.hosts.get(turn.hop.host)!;
  // nobody there is a neighbour: only the provider's gateway leads on, and the default route knows it
  if (isOverInternet(network, host, turn.next)) return [];
  const wide = prefixAround(network, packet.destination);
  const table = tableOf(turn);
  // the network itself is on a link of the host: only the single address can be led elsewhere
  const isTaken = host.routes.some(
    (r) =>
      r.table === TABLE.main &&
      isConnected(host, r) &&
      sameNetwork(r.prefix, wide) &&
      (table === TABLE.main || r.nexthops[0]?.dev !== turn.next.dev),
  );
  const prefix = isTaken ? hostPrefix(packet.destination) : wide;
  const added: AddRoute = { kind: 'add-route', host: host.name, route: newRoute(prefix, turn.next, table), by: 'hand' };
  const standing = host.routes.filter(
    (r) => r.table === table && contains(r.prefix, packet.destination) && r.prefix.length >= prefix.length,
  );
  if (standing.some((r) => isConnected(host, r))) return [];
  const removed: Change[] = standing.map((route) => ({ kind: 'remove-route', host: host.name, route }));
  if (standing.some((r) => r.type === 'unicast')) {
    return [{ kind: 'fix-next-hop', host: host.name, changes: [...removed, added] }];
  }
  if (standing.length > 0) return [removal(host, removed, added, prefix)];
  if (behindClient(network, host.name, turn.next, packet.destination))
    return [{ kind: 'openvpn-route', host: host.name, changes: [{ ...added, by: 'openvpn' }] }];
  const own: Remedy = { kind: kindAt(failure, host), host: host.name, changes: [added] };
  if (isTaken && shadows(host, turn)) return [withoutShadow(host, turn), own];
  const pushed = byPush(network, host, turn.next, prefix);
  const given = own.kind === 'route-on-target' ? byDhcp(network, host, turn.next, prefix) : [];
  return pushed ? [pushed, { ...own, kind: 'client-route' }] : [own, ...given];
}

/** A route made by hand or by a tunnel takes the host's own network from the link that it is on. */
const shadows = (host: Host, { routed, next }: WrongTurn): boolean =>
  routed?.route.type === 'unicast' &&
  routed.route.prefix.length > 0 &&
  next.via === null &&
  next.tunnel === null &&
  !isConnected(host, routed.route);

const withoutShadow = (host: Host, { routed }: WrongTurn): Remedy => ({
  kind: 'remove-route',
  host: host.name,
  changes: [{ kind: 'remove-route', host: host.name, route: routed!.route }],
});

const sameNetwork = (a: Prefix, b: Prefix): boolean => a.length >= b.length && contains(b, a.address);

/** Where a route has to stand to be met: in the table that a policy rule asked, else in the main one. */
function tableOf({ routed }: WrongTurn): number {
  const table = routed?.route.table;
  return table === undefined || table === TABLE.local || table === TABLE.default ? TABLE.main : table;
}

/** A route that throws packets away goes; a right one comes where none but the default route would be left. */
function removal(host: Host, removed: readonly Change[], added: Change, prefix: Prefix): Remedy {
  const isCovered = host.routes.some(
    (r) =>
      r.table === TABLE.main &&
      r.type === 'unicast' &&
      r.prefix.length < prefix.length &&
      r.prefix.length > 0 &&
      contains(r.prefix, prefix.address),
  );
  return isCovered
    ? { kind: 'remove-route', host: host.name, changes: removed }
    : { kind: 'replace-route', host: host.name, changes: [...removed, added] };
}

function kindAt({ network, question, trip, direction }: Failure, host: Host): Remedy['kind'] {
  if (isRouter(network, host)) return 'route-on-router';
  if (host.name === question.from) return 'client-route';
  return direction === 'back' && host.name === trip.to ? 'route-on-target' : 'route-on-router';
}
