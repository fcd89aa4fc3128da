import {
  bitsOf,
  defaultPrefix,
  formatAddress,
  hostPrefix,
  isLimitedBroadcast,
  isLinkLocal,
  isMulticast,
  isPrivate,
  isUnspecified,
  parseAddress,
  sameAddress,
  unmapped,
  type Address,
  type Fact,
} from '../ip/index.ts';
import {
  emptyRuleset,
  TABLE,
  type Expectation,
  type Host,
  type InterfaceAddress,
  type Link,
  type Network,
  type Route,
} from '../model/index.ts';
import { hostWith } from './endpoint.ts';

const address = (text: string): Address => {
  const parsed = parseAddress(text);
  if (!parsed.ok) throw new Error(`bug: ${text} is no address`);
  return parsed.value;
};

// RFC 2544: a public block that no real host has
const OWN = address('198.18.0.1');
const GATEWAY = address('198.18.0.2');

/** Whether the address is that of the somebody whom `worldOf` puts on the internet link. */
export const isStranger = (network: Network, address: Address): boolean =>
  sameAddress(address, OWN) && [...network.links.keys()].some((name) => network.hosts.has(name));

/**
 * The network with somebody on each internet link where the expectation starts or ends: a host that has nothing to do
 * with the rest, under the link's own name.
 */
export const worldOf = (network: Network, { from, to }: Expectation): Network =>
  [from, to].reduce((world, name) => {
    const link = world.links.get(name);
    return link?.kind === 'internet' && !world.hosts.has(name) ? withStranger(world, link) : world;
  }, network);

/**
 * The network with somebody who has the address on its internet link, under that address as a name. Unchanged where the
 * text is no public address, a host has it already, or there is no internet.
 */
export function worldWith(network: Network, text: string): Network {
  const own = parseAddress(text);
  const link = [...network.links.values()].find((l) => l.kind === 'internet');
  if (!own.ok || !link) return network;
  const address = unmapped(own.value);
  if (hostWith(network, address) !== null || !isSomebodys(address)) return network;
  return withSomebody(network, link, { name: formatAddress(address), address, gateway: null });
}

const isSomebodys = (a: Address): boolean =>
  !isPrivate(a) && !isMulticast(a) && !isUnspecified(a) && !isLimitedBroadcast(a) && !isLinkLocal(a);

const withStranger = (network: Network, link: Link): Network =>
  withSomebody(network, link, { name: link.name, address: OWN, gateway: GATEWAY });

/** Who that is. */
export interface Somebody {
  readonly name: string;
  readonly address: Address;
  /** Null: everything is on the link. */
  readonly gateway: Address | null;
  /** Other addresses that they answer for. */
  readonly also?: readonly Address[];
}

/** The network with one more host on a link, which has nothing to do with the rest. */
export function withSomebody(network: Network, link: Link, { name, address, gateway, also = [] }: Somebody): Network {
  const fact: Fact = { source: 'assumption', line: 0, text: `any host of ${link.name}` };
  const host: Host = {
    name,
    interfaces: [
      {
        name: 'eth0',
        index: 2,
        kind: 'ethernet',
        mtu: 1500,
        up: true,
        carrier: true,
        link: link.name,
        fact,
        addresses: [address, ...also].map((own) => ownAddress(own, fact)),
      },
    ],
    routes: routesOf([address, ...also], gateway, fact),
    rules: [],
    neighbours: [],
    settings: new Map(),
    ruleset: emptyRuleset(true),
    openvpn: [],
    virtualServers: [],
    knowledge: 'assumed',
    manager: 'unknown',
    fact,
  };
  const attached: Link = { ...link, attachments: [...link.attachments, { host: name, interface: 'eth0' }] };
  return {
    ...network,
    hosts: new Map(network.hosts).set(name, host),
    links: new Map(network.links).set(link.name, attached),
  };
}

function routesOf(own: readonly Address[], gateway: Address | null, fact: Fact): Route[] {
  const base = { metric: 0, tos: 0, protocol: 'kernel', fact };
  const nexthop = { dev: 'eth0', weight: 1, onlink: true, dead: false, linkdown: false };
  const out = { ...nexthop, ...(gateway ? { via: gateway } : {}) };
  const { main, local } = TABLE;
  return [
    ...own.map((a): Route => ({
      ...base,
      prefix: hostPrefix(a),
      type: 'local',
      table: local,
      scope: 'host',
      nexthops: [nexthop],
    })),
    ...[...new Set(own.map((a) => a.family))].map((family): Route => ({
      ...base,
      prefix: defaultPrefix(family),
      type: 'unicast',
      table: main,
      scope: 'global',
      nexthops: [out],
    })),
  ];
}

const ownAddress = (address: Address, fact: Fact): InterfaceAddress => ({
  address,
  length: bitsOf(address.family),
  scope: 'global',
  secondary: false,
  deprecated: false,
  fact,
});
