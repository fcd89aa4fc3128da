import { parseAddress, parseAddressWithLength, parsePrefix, type Address, type Prefix } from '../../ip/index.ts';
import { emptyRuleset, type Host, type Interface, type Link, type Network, type Route } from '../../model/index.ts';
import { PROTOCOL, type Flow, type Hop, type Outcome, type Packet, type Step, type Trace } from '../../trace/index.ts';

/** The address; throws on nonsense. */
export function address(text: string): Address {
  const read = parseAddress(text);
  if (!read.ok) throw new Error(read.message);
  return read.value;
}

/** The prefix; throws on nonsense. */
export function prefix(text: string): Prefix {
  const read = parsePrefix(text === 'default' ? '0.0.0.0/0' : text);
  if (!read.ok) throw new Error(read.message);
  return read.value;
}

const fact = (text: string): { source: string; line: number; text: string } => ({
  source: 'network.yaml',
  line: 1,
  text,
});

/** `route('10.8.0.0/24', '10.5.5.5', 'eth0')`. */
export function route(to: string, via: string | null, dev: string, source = 'ip route', line = 1): Route {
  return {
    prefix: prefix(to),
    type: 'unicast',
    table: 254,
    metric: 0,
    tos: 0,
    scope: via ? 'global' : 'link',
    protocol: 'static',
    nexthops: [{ ...(via ? { via: address(via) } : {}), dev, weight: 1, onlink: false, dead: false, linkdown: false }],
    fact: { source, line, text: `${to}${via ? ` via ${via}` : ''} dev ${dev}` },
  };
}

/** `host('router', { eth0: ['office', '10.5.5.1/24'] })`. */
export function host(
  name: string,
  on: Record<string, readonly [string, ...string[]]>,
  routes: readonly Route[] = [],
): Host {
  const interfaces = Object.entries(on).map(([dev, [link, ...addresses]], i): Interface => ({
    name: dev,
    index: i + 2,
    kind: dev.startsWith('tun') ? 'tun' : 'ethernet',
    mtu: 1500,
    up: true,
    carrier: true,
    link,
    addresses: addresses.map((text) => {
      const read = parseAddressWithLength(text);
      if (!read.ok) throw new Error(read.message);
      return { ...read.value, scope: 'global', secondary: false, deprecated: false, fact: fact(text) };
    }),
    fact: fact(dev),
  }));
  return {
    name, interfaces, routes, rules: [], neighbours: [], settings: new Map(), ruleset: emptyRuleset(true), openvpn: [], virtualServers: [],
    knowledge: 'collected', manager: 'ifupdown', fact: fact(name),
  }; // prettier-ignore
}

/** Links and tunnels follow from what the hosts say; `nets` gives kind and prefix of each. */
export function network(
  nets: Record<string, readonly ['lan' | 'internet' | 'tunnel', string?]>,
  hosts: readonly Host[],
): Network {
  const links = new Map<string, Link>();
  const tunnels: Network['tunnels'][number][] = [];
  for (const [name, [kind, text]] of Object.entries(nets)) {
    const prefixes = text === undefined ? [] : text.split(' ').map(prefix);
    const ends = hosts.flatMap((h) =>
      h.interfaces.filter((i) => i.link === name).map((i) => ({ host: h.name, interface: i.name, on: i })),
    );
    if (kind !== 'tunnel') {
      links.set(name, {
        name,
        kind,
        prefixes,
        attachments: ends.map((e) => ({ host: e.host, interface: e.interface })),
        complete: true,
        fact: fact(name),
      });
      continue;
    }
    const [server, ...clients] = ends;
    if (!server) throw new Error(`tunnel ${name} has no server`);
    tunnels.push({
      name, kind: 'openvpn', prefixes, server, process: 0, clientToClient: false, fact: fact(name),
      clients: clients.map((c) => ({
        commonName: c.host, host: c.host, interface: c.interface, addresses: c.on.addresses.map((a) => a.address), iroutes: [], connected: true, fact: fact(c.host),
      })),
    }); // prettier-ignore
  }
  return { hosts: new Map(hosts.map((h) => [h.name, h])), links, tunnels, expectations: [] };
}

/** A ping. */
export const ping = (source: string, destination: string): Flow => ({
  protocol: 'icmp', source: address(source), destination: address(destination), sourcePort: 4711, destinationPort: 0,
}); // prettier-ignore

/** A TCP connection. */
export const tcp = (source: string, destination: string, port: number): Flow => ({
  protocol: 'tcp', source: address(source), destination: address(destination), sourcePort: 40000, destinationPort: port,
}); // prettier-ignore

/** The flow's first packet, or the answer to it. */
export function packetOf(flow: Flow, answer: boolean, ttl = 64): Packet {
  const [source, destination] = answer ? [flow.destination, flow.source] : [flow.source, flow.destination];
  const isIcmp = flow.protocol === 'icmp';
  return {
    family: source.family,
    protocol: PROTOCOL[flow.protocol],
    source,
    destination,
    sourcePort: answer && !isIcmp ? flow.destinationPort : flow.sourcePort,
    destinationPort: answer ? flow.sourcePort : flow.destinationPort,
    icmpType: isIcmp ? (answer ? 0 : 8) : -1,
    icmpCode: isIcmp ? 0 : -1,
    tcpFlags: flow.protocol === 'tcp' ? (answer ? 18 : 2) : 0,
    ttl, tos: 0, mark: 0, length: 84,
  }; // prettier-ignore
}

/** One step. */
export const step = (stage: Step['stage'], action: Step['action'], ...because: Step['because']): Step => ({
  stage,
  action,
  because,
});

/** A routing step that took the route. */
export function routed(to: string, r: Route): Step {
  const hop = r.nexthops[0]!;
  return step(
    'route',
    { kind: 'routed', destination: address(to), route: r, dev: hop.dev ?? '', via: hop.via ?? null, losers: [] },
    r.fact,
  );
}

/** `hop('router', 'eth0', 'eth1', 'internet', packet, steps)`; the way on is taken from the routing step. */
export function hop(
  name: string,
  ins: string | null,
  out: string | null,
  link: string | null,
  ...rest: [Packet, ...Step[]]
): Hop {
  const [packet, ...steps] = rest;
  const r = steps.find((s) => s.action.kind === 'routed');
  const via = r?.action.kind === 'routed' ? (r.action.via ?? r.action.destination) : null;
  const start = step('start', { kind: 'start', packet, answer: packet.icmpType === 0 });
  const forwarded = ins !== null && out !== null;
  const own = ins === null ? [start] : [];
  return {
    host: name, in: ins, out, via: out === null ? null : via, link,
    before: packet, after: forwarded ? { ...packet, ttl: packet.ttl - 1 } : packet, steps: [...own, ...steps],
  }; // prettier-ignore
}

/** A trace over the hops. */
export const trace = (hops: readonly Hop[], outcome: Outcome): Trace => ({
  packet: hops[0]!.before, hops, outcome, host: hops.at(-1)!.host, refusal: null, refusalArrives: false, localError: null, uncertain: [],
}); // prettier-ignore

/** The last hop's step. */
export const delivered = (to: string, dev: string): Step =>
  step('deliver', { kind: 'delivered', address: address(to), dev, onOtherInterface: false });
