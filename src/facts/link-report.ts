import {
  compareAddress,
  contains,
  formatAddress,
  formatPrefix,
  isLinkLocal,
  overlaps,
  prefixOf,
  sameAddress,
  type Address,
  type Diagnostic,
} from '../ip/index.ts';
import {
  interfaceNamed,
  type Host,
  type InterfaceAddress,
  type Link,
  type NextHop,
  type Route,
} from '../model/index.ts';
import { faultAt } from './link-fault.ts';

interface Owned {
  readonly host: Host;
  readonly own: InterfaceAddress;
}

/** What is odd about the linked network: `address-duplicate`, `mask-mismatch`, `network-overlap`, `gateway-off-link`. */
export function reportLinks(links: readonly Link[], hosts: ReadonlyMap<string, Host>): readonly Diagnostic[] {
  const all = links.flatMap((link) => {
    const owned = ownedOn(link, hosts);
    return [...duplicates(link, owned), ...(link.kind === 'lan' ? mismatches(link, owned) : [])];
  });
  return [...all, ...networkOverlaps(links), ...[...hosts.values()].flatMap(gatewaysOffLink)];
}

function ownedOn(link: Link, hosts: ReadonlyMap<string, Host>): readonly Owned[] {
  return link.attachments.flatMap((end) => {
    const host = hosts.get(end.host)!;
    const dev = interfaceNamed(host, end.interface);
    return (dev?.addresses ?? []).filter((a) => !isLinkLocal(a.address)).map((own) => ({ host, own }));
  });
}

function duplicates(link: Link, owned: readonly Owned[]): readonly Diagnostic[] {
  const first = new Map<string, Owned>();
  return owned.flatMap((one) => {
    const text = formatAddress(one.own.address);
    const other = first.get(text);
    if (!other) first.set(text, one);
    if (!other || other.host === one.host) return [];
    // in a file it is a slip of the pen; on real boxes it is what may be wrong with the network
    const declared = one.host.knowledge === 'declared' && other.host.knowledge === 'declared';
    const message = `${text} is an address of ${other.host.name} and of ${one.host.name}, both on ${link.name}`;
    const hint = declared
      ? 'give one of them another address'
      : `if they are on different links, name those below 'on' in the network file`;
    return [faultAt(one.own.fact, ['address-duplicate', declared ? 'error' : 'warning', message, hint])];
  });
}

function mismatches(link: Link, owned: readonly Owned[]): readonly Diagnostic[] {
  // sorted, a neighbour in another's network stands beside it or beside one of the same network
  const sorted = owned
    .filter(({ own }) => own.peer === undefined && own.length < 31)
    .sort((a, b) => compareAddress(a.own.address, b.own.address));
  const found: Diagnostic[] = [];
  for (const [i, one] of sorted.entries()) {
    const before = sorted[i - 1];
    if (!before || before.host === one.host || before.own.length === one.own.length) continue;
    const [wide, narrow] = before.own.length < one.own.length ? [before, one] : [one, before];
    if (!contains(prefixOf(wide.own.address, wide.own.length), narrow.own.address)) continue;
    const message = `on ${link.name}, ${text(wide)} and ${text(narrow)} have networks of different size`;
    found.push(faultAt(narrow.own.fact, ['mask-mismatch', 'warning', message, 'give both the same length']));
    if (found.length === 10) break;
  }
  return found;
}

const text = ({ host, own }: Owned): string => `${host.name} (${formatAddress(own.address)}/${own.length})`;

function networkOverlaps(links: readonly Link[]): readonly Diagnostic[] {
  const all = links
    .filter((l) => l.kind === 'lan')
    .flatMap((link) => link.prefixes.map((prefix) => ({ link, prefix })));
  all.sort((a, b) => compareAddress(a.prefix.address, b.prefix.address) || a.prefix.length - b.prefix.length);
  const found: Diagnostic[] = [];
  let open: typeof all = [];
  for (const one of all) {
    open = open.filter((o) => overlaps(o.prefix, one.prefix));
    const other = open.find((o) => o.link !== one.link);
    open.push(one);
    if (!other || found.length === 100) continue;
    const message = `${one.link.name} (${formatPrefix(one.prefix)}) and ${other.link.name} (${formatPrefix(other.prefix)}) share addresses`;
    const hint = 'if they are one link, name it in the network file; if not, one of them has to be renumbered';
    found.push(faultAt(one.link.fact, ['network-overlap', 'warning', message, hint]));
  }
  return found;
}

function gatewaysOffLink(host: Host): readonly Diagnostic[] {
  const direct = host.routes.filter(
    (r) => r.type === 'unicast' && r.prefix.length > 0 && r.nexthops.some((h) => !h.via),
  );
  // a full table has a million routes and few gateways
  const known = new Map<string, boolean>();
  const isNear = (gateway: Address): boolean => {
    const key = formatAddress(gateway);
    const near = known.get(key) ?? isOnLink(host, direct, gateway);
    known.set(key, near);
    return near;
  };
  return host.routes.flatMap((route) =>
    route.nexthops.flatMap((hop) => {
      if (!hop.via || hop.onlink || isLinkLocal(hop.via) || isPointToPoint(host, hop) || isNear(hop.via)) return [];
      const gateway = formatAddress(hop.via);
      const message = `${host.name} sends ${formatPrefix(route.prefix)} to ${gateway}, which is on none of its links`;
      return [faultAt(route.fact, ['gateway-off-link', 'warning', message, 'name a gateway on one of its links'])];
    }),
  );
}

function isPointToPoint(host: Host, hop: NextHop): boolean {
  const kind = hop.dev === undefined ? undefined : interfaceNamed(host, hop.dev)?.kind;
  return kind === 'tun' || kind === 'wireguard';
}

/** On a network of an own address, at the other end of one, or covered by a route without gateway. */
function isOnLink(host: Host, direct: readonly Route[], gateway: Address): boolean {
  const near = (a: InterfaceAddress): boolean =>
    (a.peer && sameAddress(a.peer, gateway)) || contains(prefixOf(a.address, a.length), gateway);
  return host.interfaces.some((i) => i.addresses.some(near)) || direct.some((r) => contains(r.prefix, gateway));
}
