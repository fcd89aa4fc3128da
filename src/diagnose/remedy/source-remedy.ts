import { contains } from '../../ip/index.ts';
import { TABLE, type Change } from '../../model/index.ts';
import { behindClient } from '../behind-client.ts';
import type { Failure } from '../failure.ts';
import { prefixAround } from '../network-prefix.ts';
import { isCheckedByTarget, rejectOfSource, sourceCheckOf, wayToSource } from '../source-way.ts';
import { newRoute } from './new-route.ts';
import type { Remedy } from './remedy.ts';

/** A route to the packet's source, for a host that dropped it because its own way there is another or none. */
export function sourceRemedies(failure: Failure): Remedy[] {
  const { network, hop, packet } = failure;
  if (!sourceCheckOf(failure)) return [];
  const host = network.hosts.get(hop.host)!;
  const reject = rejectOfSource(failure);
  const removed: Change[] = reject ? [{ kind: 'remove-route', host: host.name, route: reject }] : [];
  const removal: Remedy[] = reject ? [{ kind: 'remove-route', host: host.name, changes: removed }] : [];
  const next = wayToSource(failure);
  const prefix = prefixAround(network, packet.source);
  const isThere = host.routes.some(
    (r) =>
      r !== reject && r.table === TABLE.main && r.prefix.length >= prefix.length && contains(r.prefix, packet.source),
  );
  if (next?.dev !== hop.in || isThere) return removal;
  const isShorter = reject !== null && reject.prefix.length < prefix.length;
  const added: Extract<Change, { kind: 'add-route' }> = {
    kind: 'add-route',
    host: host.name,
    route: newRoute(prefix, next),
    by: 'hand',
  };
  const kind = isCheckedByTarget(failure) ? 'route-on-target' : 'route-on-router';
  if (!reject && behindClient(network, host.name, next, packet.source))
    return [{ kind: 'openvpn-route', host: host.name, changes: [{ ...added, by: 'openvpn' }] }];
  if (!reject || isShorter) return [{ kind, host: host.name, changes: [added] }];
  return [...removal, { kind: 'replace-route', host: host.name, changes: [...removed, added] }];
}
