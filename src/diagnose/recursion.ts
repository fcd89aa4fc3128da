import { contains, type Address, type Fact } from '../ip/index.ts';
import { TABLE, type Host } from '../model/index.ts';
import type { Failure } from './failure.ts';
import type { NextStep } from './right-way.ts';

/** A tunnel whose carrying packets are led into itself. */
export interface Recursion {
  readonly tunnel: string;
  /** Where the carrying packets should go. */
  readonly destination: Address;
  /** How the host would get there if it had no tunnels; null where it would not. */
  readonly outside: Pick<NextStep, 'dev' | 'via'> | null;
  /** The route that led them. */
  readonly because: readonly Fact[];
}

/** The recursion that a packet died of, or null. */
export function recursion({ network, trace, hop }: Failure): Recursion | null {
  const steps = trace.outcome === 'tunnel-down' ? hop.steps : [];
  const refused = steps.find((s) => s.action.kind === 'tunnel-refused' && s.action.why === 'recursive');
  const carried = steps.find((s) => s.action.kind === 'carried')?.action;
  if (!refused || carried?.kind !== 'carried') return null;
  const { tunnel, trace: outer } = carried;
  const { destination } = outer.packet;
  const outside = wayOutside(network.hosts.get(hop.host)!, destination);
  return { tunnel, destination, outside, because: refused.because };
}

/** The longest match of the main table, without the routes into tunnels. */
function wayOutside(host: Host, destination: Address): Recursion['outside'] {
  const tunnels = new Set(host.interfaces.filter((i) => i.kind === 'tun' || i.kind === 'wireguard').map((i) => i.name));
  const leadsOut = host.routes.filter((r) => {
    const isClear = r.nexthops.every((n) => n.dev !== undefined && !tunnels.has(n.dev));
    return r.table === TABLE.main && r.type === 'unicast' && contains(r.prefix, destination) && isClear;
  });
  const best = leadsOut.sort((a, b) => b.prefix.length - a.prefix.length || a.metric - b.metric)[0];
  const next = best?.nexthops[0];
  return next?.dev === undefined ? null : { dev: next.dev, via: next.via ?? null };
}
