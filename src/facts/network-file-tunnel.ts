import {
  addToAddress,
  bitsOf,
  compareAddress,
  contains,
  sameAddress,
  type Address,
  type Diagnostic,
  type Prefix,
} from '../ip/index.ts';
import type { Host, Interface, InterfaceAddress, OpenVpn } from '../model/index.ts';
import { serverOf, tunnelServers, type TunnelServer } from './link-tunnel-server.ts';
import type { HostDraft } from './network-file-host.ts';
import { madeByKernel } from './network-file-host.ts';
import { forwardsIpv6 } from './network-file-settings.ts';

/** A tunnel's end on a host that nobody collected facts from. */
export interface DeclaredEnd {
  readonly process: OpenVpn;
  readonly dev: string;
  /** The server's process: the same, on the server. */
  readonly server: OpenVpn;
  readonly commonName: string;
  /** Own addresses inside the tunnel. */
  readonly addresses: readonly Address[];
}

/** A draft with its tunnel ends, in the order of its processes. */
export interface TunnelledDraft extends HostDraft {
  readonly ends: readonly DeclaredEnd[];
}

/**
 * Gives every declared OpenVPN process its interface: a server the first address of its network, clients what the
 * server's client file names, else the next free one in the order of the file (openvpn(8), `ifconfig-pool`).
 */
export function addTunnelInterfaces(drafts: readonly HostDraft[]): readonly TunnelledDraft[] {
  const servers = tunnelServers(drafts.map((d) => d.host));
  const taken = takenAddresses(drafts, servers);
  const ignored: Diagnostic[] = []; // link() says it
  return drafts.map((draft) => {
    if (draft.collected) return { ...draft, ends: [] };
    let { host } = draft;
    const ends: DeclaredEnd[] = [];
    for (const { process, commonName } of draft.written) {
      if (process.role === 'peer' || process.dev.startsWith('tap')) continue;
      const server =
        process.role === 'server'
          ? process
          : serverOf(
              process,
              servers.filter((s) => s.host !== draft.host),
              ignored,
            )?.process;
      if (!server || server.serverPrefixes.length === 0) continue;
      const dev = deviceName(process.dev, host.interfaces);
      const addresses =
        process.role === 'server' ? serverAddresses(process) : clientAddresses(commonName, server, taken);
      const end: DeclaredEnd = { process, dev, server, commonName, addresses };
      ends.push(end);
      host = withInterface(host, end, forwardsIpv6(draft.shape));
    }
    return { ...draft, host, ends };
  });
}

/** Addresses inside tunnels that somebody has, or that a client file keeps for somebody. */
function takenAddresses(drafts: readonly HostDraft[], servers: readonly TunnelServer[]): Address[] {
  const kept = servers.flatMap(({ process }) => [
    ...serverAddresses(process),
    ...process.clients.flatMap((c) => c.addresses),
  ]);
  return [
    ...kept,
    ...drafts.flatMap((d) =>
      d.host.interfaces.filter((i) => i.kind === 'tun').flatMap((i) => i.addresses.map((a) => a.address)),
    ),
  ];
}

function deviceName(dev: string, interfaces: readonly Interface[]): string {
  if (dev !== 'tun') return dev;
  let n = 0;
  while (interfaces.some((i) => i.name === `tun${n}`)) n++;
  return `tun${n}`;
}

const serverAddresses = (process: OpenVpn): readonly Address[] =>
  process.addresses.length > 0 ? process.addresses : process.serverPrefixes.map((p) => addToAddress(p.address, 1));

function clientAddresses(commonName: string, server: OpenVpn, taken: Address[]): readonly Address[] {
  const fixed = server.clients.find((c) => c.commonName === commonName)?.addresses ?? [];
  return server.serverPrefixes.flatMap((prefix) => {
    const own = fixed.find((a) => contains(prefix, a)) ?? nextFree(prefix, server, taken);
    if (own) taken.push(own);
    return own ? [own] : [];
  });
}

/** The pool: from .2 on; from .6 in steps of four with net30; from ::1000 on for IPv6. */
function nextFree(prefix: Prefix, { topology }: OpenVpn, taken: readonly Address[]): Address | undefined {
  const isNet30 = prefix.address.family === 4 && topology === 'net30';
  const step = isNet30 ? 4 : 1;
  let address = addToAddress(prefix.address, prefix.address.family === 6 ? 0x1000 : isNet30 ? 6 : 2);
  const used = taken.filter((a) => contains(prefix, a)).sort(compareAddress);
  for (const one of used) if (sameAddress(one, address)) address = addToAddress(address, step);
  return contains(prefix, address) ? address : undefined;
}

/** The other end of a point-to-point interface, which OpenVPN takes as gateway. */
export function peerOf(end: DeclaredEnd, own: Address): Address | undefined {
  if (own.family === 6 || end.server.topology === 'subnet') return undefined;
  const server = end.process.role === 'server';
  if (!server && end.server.topology === 'p2p') return serverAddresses(end.server).find((a) => a.family === 4);
  return addToAddress(own, server ? 1 : -1);
}

function withInterface(host: Host, end: DeclaredEnd, forwards6: boolean): Host {
  if (host.interfaces.some((i) => i.name === end.dev)) return host;
  const { fact } = end.process;
  const addresses = end.addresses.map((address): InterfaceAddress => {
    const peer = peerOf(end, address);
    const prefix = end.server.serverPrefixes.find((p) => contains(p, address));
    const length = peer || !prefix ? bitsOf(address.family) : prefix.length;
    return { address, length, scope: 'global', secondary: false, deprecated: false, fact, ...(peer && { peer }) };
  });
  const dev: Interface = {
    name: end.dev,
    index: host.interfaces.length + 1,
    kind: 'tun',
    mtu: 1500,
    up: true,
    carrier: true,
    addresses,
    fact,
  };
  return {
    ...host,
    interfaces: [...host.interfaces, dev],
    routes: [...host.routes, ...madeByKernel([dev], forwards6)],
    openvpn: host.openvpn.map((p) => (p === end.process ? { ...p, dev: end.dev } : p)),
  };
}
