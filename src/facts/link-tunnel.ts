import {
  contains,
  parseAddress,
  sameAddress,
  samePrefix,
  type Address,
  type Diagnostic,
  type Fact,
} from '../ip/index.ts';
import type { Host, Interface, OpenVpn, OpenVpnClient, OuterFlow, Tunnel, TunnelClient } from '../model/index.ts';
import type { DeclaredNetwork } from './link-declarations.ts';
import { faultAt } from './link-fault.ts';
import { serverOf, tunnelServers, type TunnelServer } from './link-tunnel-server.ts';

/** The tun interface of a client host, with the process that made it where that is known. */
interface ClientEnd {
  readonly host: Host;
  readonly dev: Interface;
  readonly process?: OpenVpn;
  readonly server: TunnelServer;
}

/**
 * Joins OpenVPN servers with their clients: by the addresses that the status or a client file names, else by the
 * server's network. Codes: `tunnel-unmatched`, `link-ambiguous` (notes).
 */
export function tunnelsOf(
  hosts: readonly Host[],
  networks: readonly DeclaredNetwork[],
  diagnostics: Diagnostic[],
): readonly Tunnel[] {
  const servers = tunnelServers(hosts).filter((s) => serverInterface(s) !== undefined);
  const ends = hosts.flatMap((host) => clientEnds(host, servers, diagnostics));
  const names = new Set<string>();
  return servers.map((server) => {
    const tunnel = tunnelOf(
      server,
      ends.filter((e) => e.server === server),
      tunnelName(server, networks, names),
    );
    names.add(tunnel.name);
    diagnostics.push(...misnamedFiles(tunnel));
    if (tunnel.clients.length === 0) {
      diagnostics.push(
        faultAt(server.process.fact, [
          'tunnel-unmatched',
          'note',
          `no client of the OpenVPN server on ${server.host.name} is known`,
        ]),
      );
    }
    return tunnel;
  });
}

/** The interface of a server process: by name, else the one with an address of its own or of its network. */
function serverInterface({ host, process }: TunnelServer): Interface | undefined {
  const tuns = host.interfaces.filter((i) => i.kind === 'tun');
  return (
    tuns.find((i) => i.name === process.dev) ?? tuns.find((i) => i.addresses.some((a) => inTunnel(process, a.address)))
  );
}

const inTunnel = (process: OpenVpn, address: Address): boolean =>
  process.serverPrefixes.some((p) => contains(p, address));

function tunnelName(
  { host, process, index }: TunnelServer,
  networks: readonly DeclaredNetwork[],
  taken: ReadonlySet<string>,
): string {
  const declared = networks.find((n) => n.prefixes.some((p) => process.serverPrefixes.some((s) => samePrefix(p, s))));
  const dev = /\d$/.test(process.dev) ? process.dev : `${process.dev}${index}`;
  return declared && !taken.has(declared.name) ? declared.name : `${host.name} ${dev}`;
}

/** The tun interfaces of a host that are a client's end, each with its server. */
function clientEnds(host: Host, servers: readonly TunnelServer[], diagnostics: Diagnostic[]): readonly ClientEnd[] {
  const own = new Set(servers.filter((s) => s.host === host).map((s) => serverInterface(s)!));
  const tuns = host.interfaces.filter((i) => i.kind === 'tun' && !own.has(i));
  const processes = host.openvpn.filter((p) => p.role === 'client');
  const found = processes.flatMap((process): ClientEnd[] => {
    const server = serverOf(
      process,
      servers.filter((s) => s.host !== host),
      diagnostics,
    );
    const dev = server && clientInterface(process, tuns, server);
    return dev ? [{ host, dev, process, server }] : [];
  });
  const rest = tuns.filter((dev) => !found.some((f) => f.dev === dev));
  return [...found, ...rest.flatMap((dev) => byAddress(host, dev, servers, diagnostics))];
}

function clientInterface(process: OpenVpn, tuns: readonly Interface[], server: TunnelServer): Interface | undefined {
  return (
    tuns.find((i) => i.name === process.dev) ??
    tuns.find((i) => i.addresses.some((a) => inTunnel(server.process, a.address)))
  );
}

/** Without a process that was seen: a server that names the address, else the only one whose network has it. */
function byAddress(
  host: Host,
  dev: Interface,
  servers: readonly TunnelServer[],
  diagnostics: Diagnostic[],
): readonly ClientEnd[] {
  const others = servers.filter((s) => s.host !== host);
  const listed = others.filter((s) => s.process.clients.some((c) => sharesAddress(c, dev)));
  const near = others.filter((s) => dev.addresses.some((a) => inTunnel(s.process, a.address)));
  const [server, second] = listed.length > 0 ? listed : near;
  if (server && second) {
    const message = `${dev.name} of ${host.name} may lead to ${server.host.name} or ${second.host.name}: taken to lead to the first`;
    diagnostics.push(faultAt(dev.fact, ['link-ambiguous', 'note', message, 'collect its OpenVPN configuration too']));
  }
  return server ? [{ host, dev, server }] : [];
}

const sharesAddress = (client: OpenVpnClient, dev: Interface): boolean =>
  client.addresses.some((c) => dev.addresses.some((a) => sameAddress(a.address, c)));

function tunnelOf(server: TunnelServer, ends: readonly ClientEnd[], name: string): Tunnel {
  const { process, host, index } = server;
  const listed = process.clients.map((client) => ({ client, end: endOf(client, ends) }));
  const joined = new Set(listed.map((l) => l.end));
  const unlisted = ends.filter((e) => !joined.has(e));
  const meantFor = ({ client, end }: (typeof listed)[number]): string | undefined =>
    end || client.connected === true ? undefined : meantBy(client, unlisted);
  return {
    name,
    kind: 'openvpn',
    prefixes: process.serverPrefixes,
    server: { host: host.name, interface: serverInterface(server)!.name },
    process: index,
    clientToClient: process.clientToClient,
    clients: [
      ...listed.map((l) => joinedClient({ ...l, meantFor: meantFor(l) }, process)),
      ...unlisted.map((end) => unlistedClient(end, process)),
    ],
    fact: process.fact,
  };
}

/** A client is called like its host, unless somebody said otherwise. */
const nameOf = ({ host, process }: ClientEnd): string => process?.commonName ?? host.name;

/** The host that a client of the list is: by address, else by name where no address is known. */
function endOf(client: OpenVpnClient, ends: readonly ClientEnd[]): ClientEnd | undefined {
  const byList = ends.find((e) => sharesAddress(client, e.dev));
  return byList ?? (client.addresses.length === 0 ? ends.find((e) => nameOf(e) === client.commonName) : undefined);
}

/** Says which client files nobody reads: OpenVPN looks for the very name. */
function misnamedFiles({ clients }: Tunnel): Diagnostic[] {
  return clients.flatMap(({ commonName, meantFor, fact }) => {
    if (meantFor === undefined) return [];
    const message = `no client is called '${commonName}', so nobody gets what its file says`;
    return [faultAt(fact, ['name-unknown', 'warning', message, `did you mean '${meantFor}'?`])];
  });
}

/**
 * The client that a file without one is probably meant for: one whose name differs in letter case, signs or an ending
 * only, or one that is known to be called otherwise and has the file's network behind it.
 */
function meantBy(file: OpenVpnClient, ends: readonly ClientEnd[]): string | undefined {
  const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  const isAlike = (name: string): boolean =>
    plain(name) === plain(file.commonName) || file.commonName.startsWith(`${name}.`);
  const hasBehind = ({ host, dev, process }: ClientEnd): boolean =>
    process?.commonName !== undefined &&
    host.interfaces.some(
      (i) =>
        i !== dev &&
        i.addresses.some((a) => file.iroutes.some((r) => r.prefix.length > 0 && contains(r.prefix, a.address))),
    );
  const meant = ends.find((e) => isAlike(nameOf(e))) ?? ends.find(hasBehind);
  return meant && nameOf(meant);
}

interface Listed {
  readonly client: OpenVpnClient;
  readonly end: ClientEnd | undefined;
  readonly meantFor: string | undefined;
}

function joinedClient({ client, end, meantFor }: Listed, process: OpenVpn): TunnelClient {
  const { commonName, iroutes, fact } = client;
  const addresses = client.addresses.length > 0 || !end ? client.addresses : tunnelAddresses(end, process);
  // a client that nobody collected may well be connected: the trace then leaves what is known
  const connected = client.connected ?? (end ? isUp(end) : !process.statusKnown && meantFor === undefined);
  return {
    commonName,
    addresses,
    iroutes,
    connected,
    fact,
    ...(meantFor !== undefined && { meantFor }),
    ...(end && { host: end.host.name, interface: end.dev.name }),
    ...outerOf(end, client),
  };
}

/** The packets that carry the tunnel, as the client's configuration tells. `client` is what the server's status says of it. */
function outerOf(end: ClientEnd | undefined, client?: OpenVpnClient): { readonly outer?: OuterFlow } {
  const { protocol, remotes } = end?.process ?? { protocol: 'udp', remotes: [] };
  for (const { host, port } of remotes) {
    const server = parseAddress(host);
    if (server.ok)
      return { outer: { protocol, server: server.value, serverPort: port, clientPort: client?.realPort ?? 0 } };
  }
  return {};
}

function unlistedClient(end: ClientEnd, process: OpenVpn): TunnelClient {
  const { host, dev } = end;
  const fact: Fact = end.process?.fact ?? dev.fact;
  const connected = !process.statusKnown && isUp(end);
  return {
    commonName: nameOf(end),
    host: host.name,
    interface: dev.name,
    addresses: tunnelAddresses(end, process),
    iroutes: [],
    connected,
    ...outerOf(end),
    fact,
  };
}

const isUp = ({ dev, server }: ClientEnd): boolean =>
  dev.up && dev.addresses.some((a) => inTunnel(server.process, a.address));

const tunnelAddresses = ({ dev }: ClientEnd, process: OpenVpn): readonly Address[] =>
  dev.addresses.map((a) => a.address).filter((a) => inTunnel(process, a));
