import { contains, type Address, type Fact, type Prefix } from '../ip/index.ts';
import type { Change, Network, Tunnel, TunnelClient } from '../model/index.ts';
import type { Failure } from './failure.ts';
import { prefixAround } from './network-prefix.ts';
import { rightWay } from './right-way.ts';

/** An iroute that stands in a client file which the server does not read for that client. */
export interface UnreadIroute {
  readonly file: string;
  readonly why: NonNullable<Extract<Change, { kind: 'add-iroute' }>['unread']>['why'];
  readonly prefix: Prefix;
  readonly fact: Fact;
}

/** A network behind a client that OpenVPN's server does not know of. */
export interface MissingIroute {
  readonly tunnel: Tunnel;
  /** The address that it refused, as a source or as a destination. */
  readonly address: Address;
  readonly prefix: Prefix;
  /** The client by its common name; null when no client is known to have the network behind it. */
  readonly client: string | null;
  readonly unread: UnreadIroute | null;
  readonly because: readonly Fact[];
}

/** What the server lacks where it refused a packet from or to a network behind a client, or null. */
export function missingIroute({ network, trace, hop, packet, passed }: Failure): MissingIroute | null {
  const step = hop.steps.findLast((s) => s.action.kind === 'tunnel-refused');
  if (!trace.outcome.startsWith('tunnel-') || step?.action.kind !== 'tunnel-refused') return null;
  const { tunnel: name, why } = step.action;
  if (why !== 'no-client' && why !== 'bad-source') return null;
  const tunnel = network.tunnels.find((t) => t.name === name)!;
  const isSource = why === 'bad-source';
  const address = isSource ? packet.source : packet.destination;
  if (tunnel.prefixes.some((p) => contains(p, address))) return null;
  // the server knows, but that client is away
  const isAway = (c: TunnelClient): boolean =>
    c.meantFor === undefined && !c.connected && c.iroutes.some((r) => contains(r.prefix, address));
  if (!isSource && tunnel.clients.some(isAway)) return null;
  const client = isSource
    ? (tunnel.clients.find((c) => c.host === hop.host)?.commonName ?? null)
    : (rightWay(network, hop.host, address, passed)?.lacksIroute ?? null);
  const unread = client === null ? null : unreadIroute(network, tunnel, client, address);
  const prefix = unread?.prefix ?? prefixAround(network, address);
  return { tunnel, address, prefix, client, unread, because: step.because };
}

function unreadIroute(network: Network, tunnel: Tunnel, client: string, address: Address): UnreadIroute | null {
  const process = network.hosts.get(tunnel.server.host)?.openvpn[tunnel.process];
  const idle = process?.idleIroutes.find((i) => i.commonName === client && contains(i.prefix, address));
  if (idle) return { file: client, why: idle.why, prefix: idle.prefix, fact: idle.fact };
  for (const file of tunnel.clients.filter((c) => c.meantFor === client)) {
    const found = file.iroutes.find((r) => contains(r.prefix, address));
    if (found) return { file: file.commonName, why: 'other-name', prefix: found.prefix, fact: found.fact };
  }
  return null;
}
