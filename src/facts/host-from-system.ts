import { bitsOf, contains, prefixOf, samePrefix, sameAddress, type Fact } from '../ip/index.ts';
import {
  emptyRuleset,
  TABLE,
  type Chain,
  type FilterTable,
  type Host,
  type Interface,
  type InterfaceAddress,
  type NextHop,
  type Route,
  type Ruleset,
  type Statement,
} from '../model/index.ts';
import type { SystemFacts } from '../dialect/index.ts';
import { kernelRoutes, sameNetwork } from './network-file-kernel-routes.ts';
import { onLinkDevice, startingRules } from './network-file-routes.ts';

/** What another system's own words make of its host. */
export type SystemHost = Pick<Host, 'interfaces' | 'routes' | 'rules' | 'settings' | 'ruleset'> &
  Required<Pick<Host, 'system'>>;

/**
 * The host of another system than Linux, as the trace needs it: a table `local` with its own addresses beside its routes,
 * and the routes to its own networks where its text does not list them. What of a packet filter nobody follows makes
 * every step that meets it uncertain.
 */
export function hostFromSystem(facts: SystemFacts): SystemHost {
  const interfaces = facts.interfaces.map(withSecondaries);
  const made = interfaces.flatMap((i) =>
    kernelRoutes(i, facts.settings.get('ipv6/conf/all/forwarding')?.value === '1'),
  );
  const local = made.filter((r) => r.table === TABLE.local);
  const own = facts.table === 'whole' ? [] : made.filter((r) => r.table === TABLE.main);
  const listed = facts.routes.filter((r) => !isOwn(r, local) && !own.some((o) => sameRoute(o, r)));
  const onLink = [...own, ...listed].filter((r) => r.nexthops[0]?.dev !== undefined && !r.nexthops[0].via);
  const routes = listed.map((r) => ({ ...r, nexthops: r.nexthops.map((hop) => withDevice(hop, onLink)) }));
  return {
    system: facts.system,
    interfaces,
    routes: [...own, ...routes, ...local],
    rules: startingRules(),
    settings: facts.settings,
    ruleset: facts.filter ? unfollowed(facts.filter) : emptyRuleset(false),
  };
}

/** A later address of the same network is no source by itself. */
function withSecondaries(dev: Interface): Interface {
  const isLater = (a: InterfaceAddress, i: number): boolean => dev.addresses.slice(0, i).some((o) => sameNetwork(o, a));
  return { ...dev, addresses: dev.addresses.map((a, i) => (isLater(a, i) ? { ...a, secondary: true } : a)) };
}

/** A listed route to an address of the host itself, or to everybody on its network: the local table has these. */
const isOwn = (route: Route, local: readonly Route[]): boolean =>
  route.protocol === 'kernel' &&
  route.prefix.length === bitsOf(route.prefix.address.family) &&
  local.some((l) => contains(l.prefix, route.prefix.address));

const sameRoute = (a: Route, b: Route): boolean =>
  b.protocol === 'kernel' && samePrefix(a.prefix, b.prefix) && a.nexthops[0]?.dev === b.nexthops[0]?.dev;

/** A gateway's interface is the one whose network it is in. */
function withDevice(hop: NextHop, onLink: readonly Route[]): NextHop {
  const dev = hop.dev === undefined && hop.via ? onLinkDevice(onLink, hop.via) : undefined;
  return dev === undefined ? hop : { ...hop, dev };
}

/** A packet filter that may drop what it meets, or not. */
function unfollowed(fact: Fact): Ruleset {
  const statements: readonly Statement[] = [
    { kind: 'unmodelled-match', text: fact.text },
    { kind: 'verdict', verdict: { kind: 'drop' } },
  ];
  const chains = (['input', 'forward', 'output'] as const).map((hook): readonly [string, Chain] => {
    const place = { hook, type: 'filter', priority: 0, policy: 'accept' } as const;
    return [hook, { name: hook, hook: place, rules: [{ statements, fact }], fact }];
  });
  const tableOf = (family: 'ip' | 'ip6'): FilterTable => ({
    family, name: 'its own filter', engine: 'nftables', chains: new Map(chains), sets: new Map(),
  }); // prettier-ignore
  return { ...emptyRuleset(true), tables: [tableOf('ip'), tableOf('ip6')] };
}

/** Addresses that the network file gives to interfaces of which the facts have none: by name, or by a listed network. */
export function withWritten(
  facts: SystemFacts,
  written: readonly { readonly name?: string; readonly addresses: readonly WrittenAddress[] }[],
): SystemFacts {
  const all = facts.interfaces.flatMap((i) => i.addresses.map((a) => a.address));
  const given = written.flatMap(({ name, addresses }) =>
    addresses.filter((a) => !all.some((o) => sameAddress(o, a.address))).map((a) => ({ dev: name ?? listedDevice(facts, a), a })),
  ); // prettier-ignore
  const interfaces = facts.interfaces.map((dev) => {
    const more = dev.addresses.length > 0 ? [] : given.filter((g) => g.dev === dev.name);
    return more.length === 0 ? dev : { ...dev, addresses: more.map(({ a }) => addressOf(a)) };
  });
  return { ...facts, interfaces };
}

interface WrittenAddress {
  readonly address: InterfaceAddress['address'];
  readonly length: number;
  readonly fact: Fact;
}

const listedDevice = ({ routes }: SystemFacts, { address, length }: WrittenAddress): string | undefined =>
  routes.find((r) => r.protocol === 'kernel' && samePrefix(r.prefix, prefixOf(address, length)))?.nexthops[0]?.dev;

const addressOf = ({ address, length, fact }: WrittenAddress): InterfaceAddress => ({
  address, length, scope: 'global', secondary: false, deprecated: false, fact,
}); // prettier-ignore
