import { contains, type Address } from '../ip/index.ts';
import type { Network, OpenVpnRoute, Tunnel } from '../model/index.ts';

/**
 * The longest route to the address that the tunnel's server pushes to that client; null when there is none, or the client
 * takes no pushed routes.
 */
export function pushedRoute(network: Network, tunnel: Tunnel, host: string, address: Address): OpenVpnRoute | null {
  const process = network.hosts.get(tunnel.server.host)?.openvpn[tunnel.process];
  const client = tunnel.clients.find((c) => c.host === host);
  const refuses = network.hosts.get(host)?.openvpn.some((p) => p.refusesRoutes && p.dev === client?.interface);
  if (!process || !client || refuses) return null;
  const found = process.pushedRoutes.filter((r) => contains(r.prefix, address));
  return found.sort((a, b) => b.prefix.length - a.prefix.length)[0] ?? null;
}
