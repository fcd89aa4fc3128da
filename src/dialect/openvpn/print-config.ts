import { formatAddress, formatPrefix, type Prefix } from '../../ip/index.ts';
import type { OpenVpn, OpenVpnClient, OpenVpnRoute } from '../../model/index.ts';
import { netmask } from '../netmask.ts';

/** The key files of one end, by path. */
export interface KeyFiles {
  readonly cert: string;
  readonly key: string;
  /** Whom it trusts: certificates by their SHA-256 fingerprints, or a certificate authority's file. */
  readonly trusts: { readonly fingerprints: readonly string[] } | { readonly ca: string };
}

/** The other files of a server, by path. */
export interface ServerFiles {
  readonly keys: KeyFiles;
  readonly clientConfigDir?: string;
  /** Rewritten every second, in version 2. */
  readonly status?: string;
}

/** A server's configuration, for OpenVPN 2.5 and newer. */
export function printServerConfig(vpn: OpenVpn, files: ServerFiles): string {
  return join([
    `dev ${vpn.dev}`,
    `proto ${vpn.protocol}`,
    `port ${vpn.port}`,
    `topology ${vpn.topology}`,
    ...vpn.serverPrefixes.map((p) =>
      p.address.family === 4 ? `server ${netAndMask(p)}` : `server-ipv6 ${formatPrefix(p)}`,
    ),
    ...vpn.routes.map(routeLine),
    ...vpn.pushedRoutes.map((r) => `push ${quoted(routeLine(r))}`),
    ...(vpn.redirectGateway ? ['push "redirect-gateway def1"'] : []),
    ...(vpn.clientToClient ? ['client-to-client'] : []),
    ...(files.clientConfigDir === undefined ? [] : [`client-config-dir ${quoted(files.clientConfigDir)}`]),
    ...(files.status === undefined ? [] : [`status ${quoted(files.status)} 1`, 'status-version 2']),
    'dh none',
    ...keyLines(files.keys),
    'keepalive 10 60',
    ...(vpn.dco ? [] : ['disable-dco']),
    'verb 3',
  ]);
}

/** A client's configuration, for OpenVPN 2.5 and newer. */
export function printClientConfig(vpn: OpenVpn, keys: KeyFiles): string {
  return join([
    'client',
    `dev ${vpn.dev}`,
    `proto ${vpn.protocol}`,
    ...vpn.remotes.map((r) => `remote ${r.host} ${r.port}`),
    'nobind',
    ...vpn.routes.map(routeLine),
    ...(vpn.redirectGateway ? ['redirect-gateway def1'] : []),
    ...(vpn.refusesRoutes ? ['route-nopull'] : []),
    ...keyLines(keys),
    'connect-retry 1',
    ...(vpn.dco ? [] : ['disable-dco']),
    'verb 3',
  ]);
}

/**
 * A client's file in the server's client-config-dir; its name is the common name. Fixed addresses are written only in
 * topology subnet, where the second word is the tunnel's netmask.
 */
export function printCcdFile(vpn: OpenVpn, client: OpenVpnClient): string {
  const networkOf = (family: 4 | 6): Prefix | undefined => vpn.serverPrefixes.find((p) => p.address.family === family);
  const fixed = client.addresses.flatMap((a) => {
    const network = networkOf(a.family);
    if (!network || vpn.topology !== 'subnet') return [];
    const text = formatAddress(a);
    return a.family === 4
      ? [`ifconfig-push ${text} ${netmask(network)}`]
      : [`ifconfig-ipv6-push ${text}/${network.length}`];
  });
  const iroutes = client.iroutes.map(({ prefix }) => irouteLine(prefix));
  return join([...fixed, ...iroutes]);
}

/** `iroute 10.5.5.0 255.255.255.0`. */
export const irouteLine = (p: Prefix): string =>
  p.address.family === 4 ? `iroute ${netAndMask(p)}` : `iroute-ipv6 ${formatPrefix(p)}`;

/** `route 10.5.5.0 255.255.255.0`, `route-ipv6 fd00:5::/64` (openvpn(8)). */
export function routeLine(r: OpenVpnRoute): string {
  const gateway = r.gateway ?? (r.metric === undefined ? '' : 'default');
  const network =
    r.prefix.address.family === 4 ? `route ${netAndMask(r.prefix)}` : `route-ipv6 ${formatPrefix(r.prefix)}`;
  return [network, gateway, r.metric ?? ''].join(' ').trimEnd();
}

const netAndMask = (p: Prefix): string => `${formatAddress(p.address)} ${netmask(p)}`;

const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;

function keyLines({ cert, key, trusts }: KeyFiles): string[] {
  const trust =
    'ca' in trusts
      ? [`ca ${quoted(trusts.ca)}`]
      : ['<peer-fingerprint>', ...trusts.fingerprints, '</peer-fingerprint>'];
  return [`cert ${quoted(cert)}`, `key ${quoted(key)}`, ...trust];
}

const join = (lines: readonly string[]): string => lines.map((l) => `${l}\n`).join('');
