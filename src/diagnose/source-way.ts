import { contains, sameAddress } from '../ip/index.ts';
import { TABLE, type Route, type RouteType } from '../model/index.ts';
import type { Step } from '../trace/index.ts';
import type { Failure } from './failure.ts';
import { rightWay, type NextStep } from './right-way.ts';
import { isRouter } from './router.ts';

/** The check of the source address that dropped the packet, or null. */
export function sourceCheckOf({ trace, hop }: Failure): Step | null {
  if (trace.outcome !== 'reverse-path') return null;
  return hop.steps.findLast((s) => s.action.kind === 'source-checked' && !s.action.passed) ?? null;
}

/** How the host would get to where the packet came from. */
export const wayToSource = ({ network, hop, packet, passed }: Failure): NextStep | null =>
  rightWay(network, hop.host, packet.source, passed);

/** Whether the host has no route for the source but a default one, and the right one would go where the packet came in. */
export function isSourceUnknown(failure: Failure): boolean {
  const { network, hop, packet } = failure;
  const action = sourceCheckOf(failure)?.action;
  if (action?.kind !== 'source-checked') return false;
  if (action.back === null) return true;
  const routes = network.hosts.get(hop.host)!.routes;
  const isNamed = routes.some(
    (r) => r.table === TABLE.main && r.prefix.length > 0 && r.type === 'unicast' && contains(r.prefix, packet.source),
  );
  return !isNamed && wayToSource(failure)?.dev === hop.in;
}

const REJECTS: readonly RouteType[] = ['blackhole', 'unreachable', 'prohibit'];

/** The route that throws away what goes to the source, where the check met one. */
export function rejectOfSource(failure: Failure): Route | null {
  const because = sourceCheckOf(failure)?.because ?? [];
  const routes = failure.network.hosts.get(failure.hop.host)!.routes;
  return routes.find((r) => REJECTS.includes(r.type) && because.includes(r.fact)) ?? null;
}

/** Whether the host that checked the source is the one that the packet is for, and no router. */
export function isCheckedByTarget({ network, hop, packet, trace }: Failure): boolean {
  const host = network.hosts.get(hop.host)!;
  const isOwn = host.interfaces.some((i) => i.addresses.some((a) => sameAddress(a.address, packet.destination)));
  return trace.outcome === 'reverse-path' && isOwn && !isRouter(network, host);
}
