import { contains, type Address } from '../ip/index.ts';
import type { Network, Tunnel } from '../model/index.ts';
import type { NextStep } from './right-way.ts';

/** A network behind a client of a tunnel. */
export interface BehindClient {
  readonly tunnel: Tunnel;
  /** The client's common name; null when no host of the network is that client. */
  readonly client: string | null;
}

/** The client that the address lies behind, where the step leads from the tunnel's server into the tunnel; else null. */
export function behindClient(network: Network, host: string, next: NextStep, address: Address): BehindClient | null {
  const tunnel = network.tunnels.find((t) => t.name === next.tunnel && t.server.host === host);
  if (!tunnel || tunnel.prefixes.some((p) => contains(p, address))) return null;
  return { tunnel, client: tunnel.clients.find((c) => c.host === next.host)?.commonName ?? null };
}
