import {
  failure,
  formatAddress,
  isLinkLocal,
  isLoopback,
  parseAddress,
  sameAddress,
  success,
  unmapped,
  type Address,
  type Family,
  type Result,
} from '../ip/index.ts';
import { wireGuardAt, type Host, type Link, type Network } from '../model/index.ts';

/** One side of a question: a host of the network, or an address that none of them has. */
export interface Endpoint {
  /** As written. */
  readonly name: string;
  readonly host: string | null;
  /** The address written, if it was one. */
  readonly address: Address | null;
}

/** Reads a host name or address; an IPv4 address also in its IPv6 form. Codes: `host-unknown`, and those of `parseAddress` for text that looks like one. */
export function findEndpoint(network: Network, text: string): Result<Endpoint> {
  const looksLikeAddress = /^[0-9.]+$/.test(text) || text.includes(':');
  const read = parseAddress(text);
  // somebody on the internet has no other name than an address
  if (network.hosts.has(text)) return success({ name: text, host: text, address: read.ok ? read.value : null });
  if (read.ok) {
    const address = unmapped(read.value);
    return success({ name: text, host: hostWith(network, address), address });
  }
  if (looksLikeAddress) return failure(read.code, read.message, read.hint);
  const link = network.links.get(text);
  if (link) return failure('host-unknown', `'${text}' is a network, not a host`, hostsOfNetwork(link));
  return failure('host-unknown', `there is no host '${text}' in this network`, `its hosts are ${nameList(network)}`);
}

/** Who could be meant by a network. */
function hostsOfNetwork({ kind, attachments }: Link): string {
  if (kind === 'internet') return 'name an address there, such as 9.9.9.9';
  const hosts = listed(attachments.map((a) => a.host));
  return hosts === '' ? 'name a host' : `its hosts are ${hosts}`;
}

const nameList = (network: Network): string => listed([...network.hosts.keys()]);

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 12).join(', ');
  return names.length > 12 ? `${shown} and ${names.length - 12} more` : shown;
}

/** The host that has the address on an interface, or null. */
export function hostWith(network: Network, address: Address): string | null {
  for (const host of network.hosts.values()) {
    if (addressesOf(host).some((a) => sameAddress(a.address, address))) return host.name;
  }
  return null;
}

interface OwnAddress {
  readonly address: Address;
  readonly dev: string;
  readonly link: string | undefined;
}

function addressesOf(host: Host): OwnAddress[] {
  return host.interfaces.flatMap((i) => i.addresses.map((a) => ({ address: a.address, dev: i.name, link: i.link })));
}

const usableOf = (host: Host): OwnAddress[] =>
  addressesOf(host).filter(({ address: a }) => !isLoopback(a) && !isLinkLocal(a));

/**
 * The address by which `from` would speak to the host: of a family that it has itself, IPv4 before IPv6; one on a LAN
 * that both are on, else a tunnel client's address inside the tunnel, else a public one where both are on the internet,
 * else the first outside any tunnel. Null when it has none of the family, or none on the interface `dev` if that is named.
 */
export function addressFor(
  network: Network,
  from: string,
  to: string,
  { family, dev }: { readonly family?: Family | undefined; readonly dev?: string } = {},
): Address | null {
  const target = network.hosts.get(to);
  if (!target) return null;
  const usable = usableOf(target)
    .filter(({ address: a }) => !family || a.family === family)
    .filter((a) => dev === undefined || a.dev === dev);
  const asker = network.hosts.get(from);
  const links = new Set(asker?.interfaces.map((i) => i.link));
  const families = new Set(asker ? usableOf(asker).map((a) => a.address.family) : []);
  const preference = (a: OwnAddress): number => {
    const shared = a.link !== undefined && links.has(a.link) ? network.links.get(a.link)?.kind : undefined;
    if (shared === 'lan') return 0;
    if (isTunnelClient(network, to, a.dev)) return 1;
    if (shared === 'internet') return 2;
    return isTunnelServer(network, to, a.dev) ? 4 : 3;
  };
  const order = (a: OwnAddress): number =>
    (families.has(a.address.family) ? 0 : 20) + (a.address.family === 4 ? 0 : 10) + preference(a);
  return usable.sort((a, b) => order(a) - order(b))[0]?.address ?? null;
}

/** The host's other addresses of the same family that somebody could ask. */
export const otherAddresses = (network: Network, host: string, than: Address): readonly Address[] =>
  usableOf(network.hosts.get(host)!).flatMap(({ address: a }) =>
    a.family === than.family && !sameAddress(a, than) ? [a] : [],
  );

const isTunnelClient = (network: Network, host: string, dev: string): boolean =>
  network.tunnels.some((t) => t.clients.some((c) => c.host === host && c.interface === dev)) ||
  callsPeers(network, host, dev) === true;

/** Whether a WireGuard interface calls its peers, as those on the road do, or only waits for them; null for others. */
function callsPeers(network: Network, host: string, dev: string): boolean | null {
  const wireguard = wireGuardAt(network.hosts.get(host)!, dev);
  return wireguard ? wireguard.peers.some((p) => p.endpoint) : null;
}

const isTunnelServer = (network: Network, host: string, dev: string): boolean =>
  network.tunnels.some((t) => t.server.host === host && t.server.interface === dev) ||
  callsPeers(network, host, dev) === false;

/** The name of the host that has the address, or the address as text. */
export const nameOf = (network: Network, address: Address): string =>
  hostWith(network, address) ?? formatAddress(address);
