import type { OpenVpn, OpenVpnRoute } from '../../model/index.ts';
import type { Directive } from './directive.ts';
import { complain, firstHost, readAddress, readNumber, readPort, type Draft } from './draft.ts';
import { readNetwork, readNetwork6 } from './network-words.ts';

type Handler = (draft: Draft, d: Directive) => void;

const word = (d: Directive, at: number): string | undefined => d.args[at]?.text;

/** What the directives do that decide where packets go (openvpn(8)). */
export const HANDLERS: Readonly<Record<string, Handler>> = {
  mode: (draft, d) => {
    if (word(d, 0) === 'server') draft.isServer = true;
  },
  'tls-server': () => undefined, // only says who answers first: a server in the sense of `mode` it is not
  'tls-client': () => undefined,
  client: (draft) => (draft.pulls = true),
  pull: (draft) => (draft.pulls = true),
  server: (draft, d) => {
    const prefix = readNetwork(d, 0, draft.diagnostics, 'error');
    draft.isServer = true;
    if (!prefix) return;
    draft.serverPrefixes.push(prefix);
    draft.addresses.push(firstHost(prefix));
  },
  'server-ipv6': (draft, d) => {
    const prefix = readNetwork6(d, 0, draft.diagnostics);
    draft.isServer = true;
    if (!prefix) return;
    draft.serverPrefixes.push(prefix);
    draft.addresses.push(firstHost(prefix));
  },
  ifconfig: addOwnAddress,
  'ifconfig-ipv6': addOwnAddress,
  topology: (draft, d) => (draft.topology = readTopology(draft, d)),
  dev: (draft, d) => {
    draft.dev = word(d, 0) ?? draft.dev;
    if (draft.dev.startsWith('tap')) refuseTap(draft, d);
  },
  'dev-type': (draft, d) => {
    if (word(d, 0) === 'tap') refuseTap(draft, d);
  },
  proto: (draft, d) => {
    const protocol = readProtocol(draft, d, 0);
    if (protocol) draft.protocol = protocol;
  },
  port: (draft, d) => {
    const port = readPort(draft, d, 0);
    if (d.connection > 0) noteBlockPort(draft, d, port);
    else draft.lport = draft.rport = port;
  },
  lport: (draft, d) => (draft.lport = readPort(draft, d, 0)),
  rport: (draft, d) => {
    const port = readPort(draft, d, 0);
    if (d.connection > 0) noteBlockPort(draft, d, port);
    else draft.rport = port;
  },
  remote: (draft, d) => {
    const host = word(d, 0);
    if (host === undefined) {
      complain(draft, d, ['value-invalid', 'error', `'remote' needs a host`]);
      return;
    }
    const port = d.args.length > 1 ? readPort(draft, d, 1) : undefined;
    if (d.args.length > 2) draft.protocol ??= readProtocol(draft, d, 2);
    draft.remotes.push({ host, port, connection: d.connection });
  },
  route: (draft, d) => addRoute(draft.routes, draft, d),
  'route-ipv6': (draft, d) => addRoute6(draft.routes, draft, d),
  'route-metric': (draft, d) => (draft.routeMetric = readNumber(draft, d, 0, [0, 0xffffffff])),
  'redirect-gateway': (draft) => (draft.redirectGateway = true),
  'redirect-private': () => undefined,
  'route-nopull': (draft) => (draft.refusesRoutes = true),
  'client-to-client': (draft) => (draft.clientToClient = true),
  'client-config-dir': (draft, d) => (draft.clientConfigDir = word(d, 0)),
  status: (draft, d) => (draft.statusFile = word(d, 0)),
  management: (draft, d) => {
    if (word(d, 1) === 'unix') draft.managementSocket = word(d, 0);
  },
  'disable-dco': () => undefined, // what counts is whether the kernel's part is in use, and the status says so
};

/** What the directives do that a server pushes. */
export const PUSHED: Readonly<Record<string, Handler>> = {
  route: (draft, d) => addRoute(draft.pushedRoutes, draft, d),
  'route-ipv6': (draft, d) => addRoute6(draft.pushedRoutes, draft, d),
  'redirect-gateway': (draft) => (draft.redirectGateway = true),
  'redirect-private': () => undefined,
  topology: (draft, d) => void readTopology(draft, d),
};

function addOwnAddress(draft: Draft, d: Directive): void {
  const read = readAddress(draft, d, 0);
  if (read) draft.addresses.push(read.address);
}

function readTopology(draft: Draft, d: Directive): OpenVpn['topology'] | undefined {
  const topology = word(d, 0);
  if (topology === 'net30' || topology === 'subnet' || topology === 'p2p') return topology;
  complain(draft, d, ['value-invalid', 'error', 'a topology is one of subnet, net30, p2p'], 0);
  return undefined;
}

function readProtocol(draft: Draft, d: Directive, at: number): OpenVpn['protocol'] | undefined {
  const m = /^(udp|tcp)[46]?(-server|-client)?$/.exec(word(d, at) ?? '');
  if (m) return m[1] === 'udp' ? 'udp' : 'tcp';
  complain(
    draft,
    d,
    ['value-invalid', 'error', 'a protocol is one of udp, udp4, udp6, tcp, tcp-server, tcp-client'],
    at,
  );
  return undefined;
}

function refuseTap(draft: Draft, d: Directive): void {
  complain(draft, d, ['line-not-modelled', 'warning', 'a tap device carries layer 2, which is not modelled'], 0);
}

function noteBlockPort(draft: Draft, d: Directive, port: number | undefined): void {
  if (port !== undefined) draft.blockPorts.set(d.connection, port);
}

function addRoute(to: OpenVpnRoute[], draft: Draft, d: Directive): void {
  const special = word(d, 0);
  if (special === 'vpn_gateway' || special === 'net_gateway' || special === 'remote_host') {
    complain(draft, d, ['line-not-modelled', 'warning', `a route to '${special}' is not modelled`], 0);
    return;
  }
  const prefix = readNetwork(d, 0, draft.diagnostics);
  if (prefix) pushRoute(to, draft, { prefix, fact: d.fact }, d, [2, 3]);
}

function addRoute6(to: OpenVpnRoute[], draft: Draft, d: Directive): void {
  const prefix = readNetwork6(d, 0, draft.diagnostics);
  if (prefix) pushRoute(to, draft, { prefix, fact: d.fact }, d, [1, 2]);
}

function pushRoute(
  to: OpenVpnRoute[],
  draft: Draft,
  route: OpenVpnRoute,
  d: Directive,
  [gatewayAt, metricAt]: readonly [number, number],
): void {
  const gateway = word(d, gatewayAt);
  const metricWord = word(d, metricAt);
  const metric =
    metricWord === undefined || metricWord === 'default' ? undefined : readNumber(draft, d, metricAt, [0, 0xffffffff]);
  to.push({
    ...route,
    ...(gateway === undefined || gateway === 'default' ? {} : { gateway }),
    ...(metric === undefined ? {} : { metric }),
  });
}
