import { covers, formatAddress, formatPrefix, type Address } from '../../../ip/index.ts';
import type { Host } from '../../../model/index.ts';
import { sameWay } from '../../../reach/index.ts';
import { wayTo } from '../../../trace/index.ts';
import { hostAfter, type RoutePlan } from './plan.ts';

/** What a change would take away. */
export interface Danger {
  readonly why: string;
  /** It is the way of the person who asks. */
  readonly isOwn: boolean;
}

/** Who sits at the other end of an SSH session, and the address of this machine that they talk to. */
export interface SshSession {
  readonly client: Address;
  readonly server: Address;
}

/** Whether the way back to the person changes, and gateways that would not be neighbours any more. */
export function dangersOf(host: Host, plan: RoutePlan, session: SshSession | null): readonly Danger[] {
  const after = hostAfter(host, plan);
  const gateways = new Map<string, Address>();
  for (const { via } of after.routes.flatMap((r) => r.nexthops)) if (via) gateways.set(formatAddress(via), via);
  const lost = [...gateways].filter(([, via]) => isNear(host, via) && !isNear(after, via));
  const dangers = lost.map(([name]) => ({ why: `it would take the way to the gateway ${name}`, isOwn: false }));
  if (!session || !touches(host, after, session)) return dangers;
  const why = `it would change the way to ${formatAddress(session.client)}, from where you are connected`;
  return [{ why, isOwn: true }, ...dangers];
}

const isNear = (host: Host, via: Address): boolean => {
  const way = wayTo(host, via);
  return way.kind === 'goes' && way.via === null;
};

/** Whether packets to the person take another way. */
function touches(host: Host, after: Host, { client, server }: SshSession): boolean {
  return !sameWay(wayTo(host, client, server), wayTo(after, client, server));
}

/** Links of which a new route takes a part, or all: `10.0.0.0/24 on eth0`. */
export function linksAround(host: Host, { before, after }: RoutePlan): readonly string[] {
  const place = before.length === 0 ? after[0]?.prefix : undefined;
  if (!place) return [];
  const links = host.routes.filter(
    (r) => r.protocol === 'kernel' && r.type === 'unicast' && r.nexthops[0]?.via === undefined,
  );
  return links
    .filter((r) => covers(r.prefix, place))
    .map((r) => `${formatPrefix(r.prefix)} on ${r.nexthops[0]?.dev ?? 'a link'}`);
}
