import { bitsOf, contains, hostPrefix, ipv6, lastAddress, prefixOf, type Prefix } from '../ip/index.ts';
import { TABLE, type Interface, type InterfaceAddress, type Route } from '../model/index.ts';

/**
 * The routes that Linux makes by itself for an interface's addresses (net/ipv4/fib_frontend.c, fib_add_ifaddr;
 * net/ipv6/addrconf.c): main, then local. While it is switched off only IPv4's own addresses stay. `forwards6`: routers
 * also answer to their IPv6 networks' own address.
 */
export function kernelRoutes(dev: Interface, forwards6: boolean): readonly Route[] {
  if (!dev.up) return dev.addresses.filter((a) => a.address.family === 4).map((a) => routes4(dev, a)[0]!);
  const routes = dev.addresses.flatMap((a) => (a.address.family === 4 ? routes4(dev, a) : routes6(dev, a, forwards6)));
  const has6 = dev.kind !== 'loopback' && dev.addresses.some((a) => a.address.family === 6);
  const multicast = has6 ? [multicast6(dev)] : [];
  return [
    ...routes.filter((r) => r.table === TABLE.main),
    ...routes.filter((r) => r.table === TABLE.local),
    ...multicast,
  ];
}

function routes4(dev: Interface, own: InterfaceAddress): readonly Route[] {
  const primary = own.secondary ? dev.addresses.find((a) => !a.secondary && sameNetwork(a, own)) : own;
  const source = (primary ?? own).address;
  const make = (prefix: Prefix, type: Route['type'], scope: Route['scope']): Route => ({
    prefix,
    type,
    scope,
    source,
    metric: 0,
    ...common(dev, own),
    table: type === 'unicast' ? TABLE.main : TABLE.local,
  });
  const network = prefixOf(own.peer ?? own.address, own.length);
  const loopback = dev.kind === 'loopback';
  const hasNetwork = !own.secondary && (own.length < 32 || own.peer !== undefined);
  return [
    make(hostPrefix(own.address), 'local', 'host'),
    ...(hasNetwork ? [make(network, loopback ? 'local' : 'unicast', loopback ? 'host' : 'link')] : []),
    ...(hasNetwork && own.length < 31 ? [make(hostPrefix(lastAddress(network)), 'broadcast', 'link')] : []),
  ];
}

function routes6(dev: Interface, own: InterfaceAddress, forwards: boolean): readonly Route[] {
  const make = (prefix: Prefix, type: Route['type'], metric: number): Route => ({
    prefix,
    type,
    scope: 'global',
    metric,
    ...common(dev, own),
    table: type === 'unicast' ? TABLE.main : TABLE.local,
  });
  const network = prefixOf(own.address, own.length);
  return [
    ...(own.scope === 'host' ? [] : [make(network, 'unicast', 256)]),
    make(hostPrefix(own.address), 'local', 0),
    ...(forwards && own.length < 127 && dev.kind !== 'loopback'
      ? [make(hostPrefix(network.address), 'anycast', 0)]
      : []),
  ];
}

function multicast6(dev: Interface): Route {
  const prefix = prefixOf(ipv6(0xff000000, 0, 0, 0), 8);
  return { prefix, type: 'multicast', scope: 'global', metric: 256, ...common(dev, dev), table: TABLE.local };
}

const common = (
  dev: Interface,
  { fact }: Pick<Route, 'fact'>,
): Pick<Route, 'tos' | 'protocol' | 'nexthops' | 'fact'> => ({
  tos: 0,
  protocol: 'kernel',
  nexthops: [{ dev: dev.name, weight: 1, onlink: false, dead: false, linkdown: false }],
  fact,
});

/** Whether two IPv4 addresses of one interface share their network: then the later one is secondary. */
export const sameNetwork = (
  a: Pick<InterfaceAddress, 'address' | 'length'>,
  b: Pick<InterfaceAddress, 'address' | 'length'>,
): boolean =>
  a.length === b.length &&
  a.length < bitsOf(4) &&
  a.address.family === 4 &&
  contains(prefixOf(a.address, a.length), b.address);
