import { formatAddress, formatPrefix, type Diagnostic } from '../ip/index.ts';
import type { Network, OpenVpn, Tunnel, TunnelClient } from '../model/index.ts';
import { printCcdFile } from '../dialect/index.ts';
import type { TunnelEndPlan, TunnelPlan } from './lab-plan.ts';
import { limit } from './limit.ts';

const FIRST_PORT = 20000;

/** A client that gets a process: it is connected, and a host of the network. */
type LiveClient = TunnelClient & { readonly host: string; readonly interface: string };

/**
 * The OpenVPN processes of a network. They all run in one namespace and speak to each other over its `lo`; only their
 * interfaces are moved to the hosts. So the outer packets can't be hindered by what is being tried, and no host has an
 * address or a route that the network does not give it.
 */
export function planTunnels(
  network: Network,
  namespaceOf: (host: string) => string,
): { tunnels: readonly TunnelPlan[]; diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  let devices = 0;
  const tunnels = network.tunnels.flatMap((tunnel, index): TunnelPlan[] => {
    const process = network.hosts.get(tunnel.server.host)?.openvpn[tunnel.process];
    const clients = tunnel.clients.filter(isLive);
    if (!process || clients.length === 0) return [];
    if (!process.serverPrefixes.some((p) => p.address.family === 4)) {
      diagnostics.push(limit(`the tunnel ${tunnel.name} has no IPv4 network: it is not built`, tunnel.fact));
      return [];
    }
    const inside = { port: FIRST_PORT + index, index, namespaceOf, device: (): string => `tun${devices++}` };
    const server = serverEnd(tunnel, process, inside);
    const ends = clients.map((client, n) => clientEnd({ client, process, number: n }, inside));
    return [{ name: tunnel.name, server, clients: ends }];
  });
  return { tunnels, diagnostics };
}

const isLive = (client: TunnelClient): client is LiveClient =>
  client.connected && client.host !== undefined && client.interface !== undefined;

interface Inside {
  readonly port: number;
  readonly index: number;
  readonly namespaceOf: (host: string) => string;
  /** A name that no other interface has before it is moved. */
  readonly device: () => string;
}

/** In the lab the topology only says how addresses are handed out; what the hosts see comes from the model. */
const inLab = (process: OpenVpn, { port, device }: Inside): OpenVpn => ({
  ...process,
  dev: device(),
  protocol: 'udp',
  port,
  remotes: [{ host: '127.0.0.1', port }],
  topology: 'subnet',
  routes: [],
  redirectGateway: false,
  dco: false,
});

function serverEnd(tunnel: Tunnel, process: OpenVpn, inside: Inside): TunnelEndPlan {
  return {
    role: 'server',
    file: `server-${inside.index}`,
    commonName: 'server',
    vpn: { ...inLab(process, inside), redirectGateway: process.redirectGateway },
    namespace: inside.namespaceOf(tunnel.server.host),
    interface: tunnel.server.interface,
    ccd: '',
    learns: [],
  };
}

interface ClientOf {
  readonly client: LiveClient;
  readonly process: OpenVpn;
  readonly number: number;
}

function clientEnd({ client, process, number }: ClientOf, inside: Inside): TunnelEndPlan {
  const { addresses, iroutes, fact } = client;
  const isPlain = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,59}$/.test(client.commonName) && client.commonName !== 'server';
  const vpn = inLab({ ...process, role: 'client', pushedRoutes: [], clientToClient: false }, inside);
  return {
    role: 'client',
    file: `client-${inside.index}-${number}`,
    commonName: isPlain ? client.commonName : `client-${number}`,
    vpn,
    namespace: inside.namespaceOf(client.host),
    interface: client.interface,
    ccd: printCcdFile({ ...process, topology: 'subnet' }, { commonName: client.commonName, addresses, iroutes, fact }),
    learns: [...addresses.map(formatAddress), ...iroutes.map((r) => formatPrefix(r.prefix))],
  };
}
