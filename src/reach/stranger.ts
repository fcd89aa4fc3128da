import { defaultPrefix, hostPrefix, parseAddress, sameAddress, type Address, type Fact } from '../ip/index.ts';
import {
  emptyRuleset,
  TABLE,
  type Expectation,
  type Host,
  type Link,
  type Network,
  type Route,
} from '../model/index.ts';

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

function withStranger(network: Network, link: Link): Network {
  const fact: Fact = { source: 'assumption', line: 0, text: `any host of ${link.name}` };
  const base = { metric: 0, tos: 0, protocol: 'kernel', fact };
  const nexthop = { dev: 'eth0', weight: 1, onlink: true, dead: false, linkdown: false };
  const routes: Route[] = [
    { ...base, prefix: hostPrefix(OWN), type: 'local', table: TABLE.local, scope: 'host', nexthops: [nexthop] },
    {
      ...base,
      prefix: defaultPrefix(4),
      type: 'unicast',
      table: TABLE.main,
      scope: 'global',
      nexthops: [{ ...nexthop, via: GATEWAY }],
    },
  ];
  const host: Host = {
    name: link.name,
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
        addresses: [{ address: OWN, length: 32, scope: 'global', secondary: false, deprecated: false, fact }],
      },
    ],
    routes,
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
  const attached: Link = { ...link, attachments: [...link.attachments, { host: link.name, interface: 'eth0' }] };
  return {
    ...network,
    hosts: new Map(network.hosts).set(link.name, host),
    links: new Map(network.links).set(link.name, attached),
  };
}
