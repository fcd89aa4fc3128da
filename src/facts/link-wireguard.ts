import {
  contains,
  formatAddress,
  parseAddress,
  prefixOf,
  samePrefix,
  type Diagnostic,
  type Prefix,
} from '../ip/index.ts';
import {
  interfaceNamed,
  type Host,
  type Interface,
  type WireGuard,
  type WireGuardEnd,
  type WireGuardPeer,
  type WireGuardTunnel,
} from '../model/index.ts';
import type { DeclaredNetwork } from './link-declarations.ts';
import { faultAt } from './link-fault.ts';

/** A WireGuard interface with its host. */
interface Node {
  readonly host: Host;
  readonly wireguard: WireGuard;
  readonly dev: Interface;
}

/**
 * Joins WireGuard interfaces that name each other as peers: by key; where an interface's own key is not known, by the
 * endpoint or the allowed IPs with which the other names it. Code: `tunnel-unmatched` (a peer that is not here, a note).
 */
export function wireGuardTunnels(
  hosts: readonly Host[],
  networks: readonly DeclaredNetwork[],
  diagnostics: Diagnostic[],
): readonly WireGuardTunnel[] {
  const nodes = hosts.flatMap((host) =>
    (host.wireguard ?? []).flatMap((wireguard): Node[] => {
      const dev = interfaceNamed(host, wireguard.dev);
      return dev ? [{ host, wireguard, dev }] : [];
    }),
  );
  const keys = keysOf(nodes);
  for (const node of nodes) diagnostics.push(...strangersTo(node, keys));
  const names = new Set<string>();
  return groupsOf(nodes, keys).map((group) => {
    const tunnel = tunnelOf(group, keys, networks, names);
    names.add(tunnel.name);
    return tunnel;
  });
}

/** The key of every interface: its own, or the one that others name it by. */
function keysOf(nodes: readonly Node[]): ReadonlyMap<Node, string> {
  const keys = new Map(nodes.flatMap((n) => (n.wireguard.publicKey === undefined ? [] : [[n, n.wireguard.publicKey]])));
  const known = new Set(keys.values());
  const nameless = nodes.filter((n) => !keys.has(n));
  for (const node of nodes) {
    for (const peer of node.wireguard.peers) {
      if (known.has(peer.publicKey)) continue;
      const meant = nameless.filter((n) => n !== node && !keys.has(n) && isMeant(n, peer));
      if (meant.length !== 1) continue;
      keys.set(meant[0]!, peer.publicKey);
      known.add(peer.publicKey);
    }
  }
  return keys;
}

function isMeant({ host, wireguard, dev }: Node, { endpoint, allowedIps }: WireGuardPeer): boolean {
  if (endpoint && endpoint.port === wireguard.listenPort && hasName(host, endpoint.host)) return true;
  return dev.addresses.some((a) => allowedIps.some((i) => i.prefix.length > 0 && contains(i.prefix, a.address)));
}

const hasName = (host: Host, name: string): boolean =>
  name === host.name ||
  host.interfaces.some((i) => i.addresses.some((a) => formatAddress(a.address) === canonical(name)));

function canonical(name: string): string {
  const read = parseAddress(name);
  return read.ok ? formatAddress(read.value) : name;
}

function strangersTo({ host, wireguard }: Node, keys: ReadonlyMap<Node, string>): Diagnostic[] {
  const known = new Set(keys.values());
  const strangers = wireguard.peers.filter((p) => !known.has(p.publicKey));
  return strangers.map(({ fact, publicKey }) => {
    const message = `no host here has the key of this peer of ${wireguard.dev} on ${host.name} (${publicKey.slice(0, 8)}...)`;
    return faultAt(fact, ['tunnel-unmatched', 'note', message, 'add that host, or say its public-key']);
  });
}

/** Interfaces that hang together. */
function groupsOf(nodes: readonly Node[], keys: ReadonlyMap<Node, string>): readonly (readonly Node[])[] {
  const groups: Node[][] = [];
  const done = new Set<Node>();
  for (const start of nodes) {
    if (done.has(start)) continue;
    const group = [start];
    done.add(start);
    for (const node of group) {
      const near = nodes.filter((o) => !done.has(o) && (names(node, o, keys) || names(o, node, keys)));
      for (const other of near) done.add(other);
      group.push(...near);
    }
    groups.push(group);
  }
  return groups;
}

const names = (a: Node, b: Node, keys: ReadonlyMap<Node, string>): boolean =>
  a.wireguard.peers.some((p) => p.publicKey === keys.get(b));

function tunnelOf(
  group: readonly Node[],
  keys: ReadonlyMap<Node, string>,
  networks: readonly DeclaredNetwork[],
  taken: ReadonlySet<string>,
): WireGuardTunnel {
  const first = group[0]!;
  const own = group.flatMap(({ dev }) => dev.addresses.map((a) => prefixOf(a.address, a.length)));
  const prefixes = own.filter((p, i) => isNetwork(p) && own.findIndex((o) => samePrefix(o, p)) === i);
  const declared = networks.find((n) => n.prefixes.some((p) => prefixes.some((o) => samePrefix(p, o))));
  const name = declared && !taken.has(declared.name) ? declared.name : `${first.host.name} ${first.dev.name}`;
  const ends = group.map((node): WireGuardEnd => {
    const publicKey = keys.get(node);
    return { host: node.host.name, interface: node.dev.name, ...(publicKey === undefined ? {} : { publicKey }) };
  });
  return { name, prefixes, ends, fact: first.wireguard.fact };
}

const isNetwork = ({ address, length }: Prefix): boolean => length < (address.family === 4 ? 32 : 128);
