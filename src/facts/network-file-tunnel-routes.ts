import {
  contains,
  hostPrefix,
  parseAddress,
  parsePrefix,
  samePrefix,
  sameAddress,
  type Address,
  type Fact,
  type Prefix,
} from '../ip/index.ts';
import { TABLE, type Host, type OpenVpnRoute, type Route } from '../model/index.ts';
import { onLinkDevice } from './network-file-routes.ts';
import { peerOf, type DeclaredEnd } from './network-file-tunnel.ts';

/** The two halves of everything, which `redirect-gateway def1` sends into the tunnel. */
const HALVES = ['0.0.0.0/1', '128.0.0.0/1'].flatMap((text) => {
  const read = parsePrefix(text);
  return read.ok ? [read.value] : [];
});

/**
 * The host with the routes that OpenVPN makes for its tunnel ends, in front of all others: OpenVPN does not mind a route
 * that is there already, and the newer one wins (netlink's NLM_F_CREATE without NLM_F_EXCL).
 */
export function addTunnelRoutes(host: Host, ends: readonly DeclaredEnd[]): Host {
  const made = ends.flatMap((end) => routesOf(host, end));
  const fresh = made.filter((r) => !host.routes.some((o) => isWritten(o, r)));
  return fresh.length === 0 ? host : { ...host, routes: [...fresh, ...host.routes] };
}

/** The very same route, written by hand too: then it is there once. */
const isWritten = (a: Route, b: Route): boolean =>
  a.protocol !== 'kernel' &&
  samePrefix(a.prefix, b.prefix) &&
  a.metric === b.metric &&
  a.table === b.table &&
  a.nexthops[0]?.dev === b.nexthops[0]?.dev;

function routesOf(host: Host, end: DeclaredEnd): readonly Route[] {
  const { process, server } = end;
  if (process.role === 'server') {
    const own = server.topology === 'subnet' ? [] : server.serverPrefixes.filter((p) => p.address.family === 4);
    return [
      ...own.map((p) => makeRoute(end, p, process.fact)),
      ...process.routes.flatMap((r) => written(host, end, r)),
    ];
  }
  const isPulled = !process.refusesRoutes;
  const iroutes = server.clients.find((c) => c.commonName === end.commonName)?.iroutes ?? [];
  // OpenVPN does not push a client the very network that lies behind it
  const pushed = (isPulled ? server.pushedRoutes : []).filter(
    (r) => !iroutes.some((i) => samePrefix(i.prefix, r.prefix)),
  );
  const named = [...pushed, ...process.routes].flatMap((r) => written(host, end, r));
  return [...(isPulled ? pushedByTopology(end) : []), ...named, ...redirected(host, end)];
}

/** Point-to-point clients are pushed a route to the server, or to all clients. */
function pushedByTopology(end: DeclaredEnd): readonly Route[] {
  const { server } = end;
  if (server.topology !== 'net30') return [];
  return server.serverPrefixes
    .filter((p) => p.address.family === 4)
    .map((p) => makeRoute(end, server.clientToClient ? p : hostPrefix(serverAddress(end, p)), server.fact));
}

const serverAddress = ({ server }: DeclaredEnd, prefix: Prefix): Address =>
  server.addresses.find((a) => contains(prefix, a)) ?? prefix.address;

function redirected(host: Host, end: DeclaredEnd): readonly Route[] {
  const isPushed = end.server.redirectGateway && !end.process.refusesRoutes;
  if (!isPushed && !end.process.redirectGateway) return [];
  const fact = isPushed ? end.server.fact : end.process.fact;
  const out = defaultGateway(host);
  const remotes = end.process.remotes.flatMap((r) => {
    const address = parseAddress(r.host);
    const isFar = address.ok && address.value.family === 4 && onLinkDevice(host.routes, address.value) === undefined;
    return isFar && out ? [{ ...makeRoute(end, hostPrefix(address.value), fact), nexthops: out.nexthops }] : [];
  });
  return [...remotes, ...HALVES.map((p) => makeRoute(end, p, fact))];
}

function written(host: Host, end: DeclaredEnd, { prefix, gateway, metric, fact }: OpenVpnRoute): readonly Route[] {
  const route = { ...makeRoute(end, prefix, fact), ...(metric !== undefined && metric > 0 && { metric }) };
  if (gateway === undefined || gateway === 'vpn_gateway') return [route];
  if (gateway === 'net_gateway') {
    const out = defaultGateway(host);
    return out ? [{ ...route, nexthops: out.nexthops }] : [];
  }
  const via = parseAddress(gateway);
  if (!via.ok) return [];
  const inside = end.addresses.some(
    (a) => a.family === via.value.family && end.server.serverPrefixes.some((p) => contains(p, via.value)),
  );
  const dev = inside ? end.dev : onLinkDevice(host.routes, via.value);
  return dev === undefined ? [] : [{ ...route, nexthops: [{ ...hopTo(dev), via: via.value }] }];
}

const defaultGateway = (host: Host): Route | undefined =>
  host.routes.find(
    (r) => r.prefix.length === 0 && r.prefix.address.family === 4 && r.table === TABLE.main && r.nexthops[0]?.via,
  );

const hopTo = (dev: string): Route['nexthops'][number] => ({
  dev,
  weight: 1,
  onlink: false,
  dead: false,
  linkdown: false,
});

/** A route into the tunnel. Its gateway only satisfies the kernel: the process decides by tables of its own. */
function makeRoute(end: DeclaredEnd, prefix: Prefix, fact: Fact): Route {
  const six = prefix.address.family === 6;
  const via = six ? undefined : gatewayOf(end);
  return {
    prefix,
    type: 'unicast',
    table: TABLE.main,
    metric: six ? 1024 : 0,
    tos: 0,
    scope: 'global',
    protocol: 'boot',
    nexthops: [{ ...hopTo(end.dev), ...(via && { via }) }],
    fact,
  };
}

/** Clients name the server; a server names the second address of its network, whoever has it. */
function gatewayOf(end: DeclaredEnd): Address | undefined {
  const own = end.addresses.find((a) => a.family === 4);
  if (!own) return undefined;
  const peer = peerOf(end, own);
  if (peer) return peer;
  const prefix = end.server.serverPrefixes.find((p) => contains(p, own));
  if (!prefix) return undefined;
  const first = serverAddress(end, prefix);
  return end.process.role === 'server' && sameAddress(first, own) ? second(first) : first;
}

const second = (first: Address): Address => ({ ...first, w3: first.w3 + 1 });
