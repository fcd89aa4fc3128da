import { formatAddress, type Diagnostic } from '../ip/index.ts';
import type { Host, OpenVpn } from '../model/index.ts';
import { faultAt } from './link-fault.ts';

/** An OpenVPN server process and the host it runs on. */
export interface TunnelServer {
  readonly host: Host;
  readonly process: OpenVpn;
  /** Its index in the host's `openvpn`. */
  readonly index: number;
}

/** All OpenVPN servers that route (no bridging), in the order of the hosts. */
export function tunnelServers(hosts: readonly Host[]): readonly TunnelServer[] {
  return hosts.flatMap((host) =>
    host.openvpn.flatMap((process, index) =>
      process.role === 'server' && !process.dev.startsWith('tap') ? [{ host, process, index }] : [],
    ),
  );
}

/**
 * The server a client process connects to: the one whose name or address it names, on that port; else the only one
 * left on that port, since names and forwarded ports hide who is meant. Undefined when there is none or no telling.
 */
export function serverOf(
  client: OpenVpn,
  servers: readonly TunnelServer[],
  diagnostics: Diagnostic[],
): TunnelServer | undefined {
  const named = servers.filter((s) =>
    client.remotes.some((r) => r.port === s.process.port && namesHost(s.host, r.host)),
  );
  if (named[0]) return named[0];
  const listening = servers.filter((s) => client.remotes.some((r) => r.port === s.process.port));
  const likely = listening.length > 0 ? listening : servers;
  if (likely.length === 1) return likely[0];
  const names = likely.map((s) => s.host.name).join(', ');
  const message =
    likely.length === 0
      ? 'no host here runs the OpenVPN server of this client'
      : `this client may connect to any of ${names}`;
  const code = likely.length === 0 ? 'tunnel-unmatched' : 'link-ambiguous';
  diagnostics.push(faultAt(client.fact, [code, 'note', message, 'add the server, or name its address as remote']));
  return undefined;
}

const namesHost = (host: Host, remote: string): boolean =>
  remote === host.name || host.interfaces.some((i) => i.addresses.some((a) => formatAddress(a.address) === remote));
