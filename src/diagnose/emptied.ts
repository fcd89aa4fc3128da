import { sameVirtualMatch, type Network, type RealServer, type VirtualServer } from '../model/index.ts';
import type { Question, RoundTrip } from '../trace/index.ts';

/** A virtual server that has lost all real servers, though keepalived.conf has some: their checks fail. */
export interface Emptied {
  readonly host: string;
  /** As keepalived.conf has it. */
  readonly configured: VirtualServer;
}

/** The virtual server that refused the packet, when it is empty and its real servers are known. */
export function emptiedOf(network: Network, { forward }: RoundTrip): Emptied | null {
  for (const { host, steps } of forward.hops) {
    const action = steps.findLast((s) => s.action.kind === 'no-real-server')?.action;
    if (action?.kind !== 'no-real-server' || action.service.realServers.length > 0) continue;
    const all = network.hosts.get(host)?.configuredServers ?? [];
    const configured = all.find((c) => sameVirtualMatch(c, action.service) && c.realServers.length > 0);
    if (configured) return { host, configured };
  }
  return null;
}

/** The question that Keepalived's check of a real server asks; its port where the real server has none is that of the visitor. */
export const checkQuestion = ({ host }: Emptied, { address, port }: RealServer, visitor: Question): Question => ({
  from: host,
  destination: address,
  protocol: 'tcp',
  destinationPort: port === 0 ? visitor.destinationPort : port,
  sourcePort: visitor.sourcePort,
});

/** Real servers whose checks are looked at: one that comes back is enough. */
export const MAX_CHECKS = 4;
