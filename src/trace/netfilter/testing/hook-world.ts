import { contains, formatAddress, sameAddress, type Address } from '../../../ip/index.ts';
import type { Host, HookName, Interface, InterfaceKind, Route, Rule, Ruleset, Setting } from '../../../model/index.ts';
import { Choices } from '../../choice.ts';
import type { ConnectionTable } from '../../connection.ts';
import type { LookupResult } from '../../fib-lookup.ts';
import type { FlowKey } from '../../flow-key.ts';
import type { Fib, HookContext } from '../../hook-context.ts';
import type { WayResult } from '../../way.ts';
import { PROTOCOL, TCP, type Packet } from '../../packet.ts';
import type { Step } from '../../step.ts';
import { address, fact, prefix } from './ruleset-builder.ts';

const ADDRESSES: Readonly<Record<string, readonly string[]>> = {
  lo: ['127.0.0.1', '::1'],
  t0: ['10.0.0.1', '10.0.0.2', 'fd00:0::1'],
  t1: ['10.1.0.1', '10.1.0.2', 'fd00:1::1'],
};

function dev(name: string, index: number, kind: InterfaceKind): Interface {
  const addresses = ADDRESSES[name]!.map((text, i) => {
    const own = address(text);
    return {
      address: own,
      length: own.family === 4 ? 24 : 64,
      scope: 'global' as const,
      secondary: i === 1,
      deprecated: false,
      fact: fact(text),
    };
  });
  return { name, index, kind, mtu: 1500, up: true, carrier: true, addresses, fact: fact(name) };
}

/** For tests: a router with t0 (10.0.0.0/24, fd00:0::/64) and t1 (10.1.0.0/24, fd00:1::/64, and all else). */
export function router(ruleset: Ruleset, settings: Readonly<Record<string, string>> = {}): Host {
  const known = Object.entries(settings).map(([key, value]): [string, Setting] => [key, { value, fact: fact(key) }]);
  return {
    name: 'router',
    interfaces: [dev('lo', 1, 'loopback'), dev('t0', 2, 'tun'), dev('t1', 3, 'tun')],
    routes: [],
    rules: [],
    neighbours: [],
    settings: new Map(known),
    ruleset,
    openvpn: [],
    virtualServers: [],
    knowledge: 'collected',
    manager: 'unknown',
    fact: fact('router'),
  };
}

const OWN = Object.values(ADDRESSES).flat().map(address);
const NEAR = [prefix('10.0.0.0/24'), prefix('fd00:0::/64')];
const BROADCAST = ['10.0.0.255', '10.1.0.255'].map(address);

/** Whether the router itself has the address. */
export const isOwn = (a: Address): boolean =>
  OWN.some((o) => sameAddress(o, a)) || (a.family === 4 && a.w3 >>> 24 === 127);

/** Where the router sends packets to the address: `lo` are its own. */
export const deviceTo = (a: Address): string => (isOwn(a) ? 'lo' : NEAR.some((p) => contains(p, a)) ? 't0' : 't1');

function routeTo({ destination: to }: FlowKey): LookupResult {
  const route: Route = {
    prefix: prefix(`${formatAddress(to)}/${to.family === 4 ? 32 : 128}`),
    type: isOwn(to) ? 'local' : 'unicast',
    table: 254,
    metric: 0,
    tos: 0,
    scope: 'link',
    protocol: 'static',
    nexthops: [{ dev: deviceTo(to), weight: 1, onlink: false, dead: false, linkdown: false }],
    fact: fact('route'),
  };
  const rule: Rule = {
    family: to.family,
    priority: 32766,
    not: false,
    action: { kind: 'table', table: 254 },
    fact: fact('rule'),
  };
  return { ok: true, route, nexthop: route.nexthops[0]!, rule, losers: [], branch: null };
}

const FIB: Fib = {
  addressType: (a) => (isOwn(a) ? 'local' : BROADCAST.some((b) => sameAddress(a, b)) ? 'broadcast' : 'unicast'),
  lookup: routeTo,
  lookupWay: routeTo,
  masqueradeAddress: (name, a) => ADDRESSES[name]!.map(address).find((own) => own.family === a.family) ?? null,
};

const wayTo = ({ destination, source }: Packet): WayResult => ({
  way: { dev: deviceTo(destination), via: null, source, mtu: null },
});

/** For tests: what a hook of the router needs; steps are pushed to `steps`. */
export function at(
  hook: HookName,
  host: Host,
  connections: ConnectionTable,
  way: Pick<HookContext, 'in' | 'out' | 'reroute'> & { readonly steps?: Step[]; readonly choices?: Choices },
): HookContext {
  return {
    host,
    hook,
    in: way.in,
    out: way.out,
    connections,
    fib: FIB,
    choices: way.choices ?? new Choices(),
    nextHop: null,
    record: (step) => way.steps?.push(step),
    reroute: way.reroute ?? wayTo,
  };
}

/** For tests: a TCP SYN from 10.0.0.5:1000 to 10.1.0.9:80 unless said otherwise. */
export function packet(
  more: Partial<Omit<Packet, 'source' | 'destination'>> & { source?: string; destination?: string } = {},
): Packet {
  const { source = '10.0.0.5', destination = '10.1.0.9', ...rest } = more;
  const ends = { source: address(source), destination: address(destination) };
  return {
    family: ends.source.family,
    protocol: PROTOCOL.tcp,
    ...ends,
    sourcePort: 1000,
    destinationPort: 80,
    icmpType: -1,
    icmpCode: 0,
    tcpFlags: rest.protocol === undefined || rest.protocol === PROTOCOL.tcp ? TCP.syn : 0,
    ttl: 64,
    tos: 0,
    mark: 0,
    length: 40,
    ...rest,
  };
}
