import { assumption, contains, defaultPrefix, formatAddress, type Address, type Family } from '../ip/index.ts';
import { TABLE, type Host, type Interface, type NextHop, type Route } from '../model/index.ts';
import type { DeclaredNetwork } from './link-declarations.ts';
import type { HostDraft } from './network-file-host.ts';

/** Where default routes may lead, of the whole file. */
export interface DefaultRouteTargets {
  /** Names of the networks that are the internet. */
  readonly internet: ReadonlySet<string>;
  /** Addresses of the boxes that forward, by network. */
  readonly gateways: ReadonlyMap<string, readonly Gateway[]>;
}

interface Gateway {
  readonly host: string;
  readonly address: Address;
}

/** Gathers where default routes may lead. */
export function defaultRouteTargets(
  drafts: readonly HostDraft[],
  networks: readonly DeclaredNetwork[],
): DefaultRouteTargets {
  const gateways = new Map<string, Gateway[]>();
  for (const { name, host } of drafts.filter((d) => d.shape.forwards)) {
    for (const { link, addresses } of host.interfaces) {
      if (link === undefined) continue;
      const own = gateways.get(link) ?? [];
      // one address of each family is enough to be found
      for (const family of [4, 6]) {
        const first = addresses.find((a) => a.address.family === family);
        if (first) own.push({ host: name, address: first.address });
      }
      gateways.set(link, own);
    }
  }
  return { internet: new Set(networks.filter((n) => n.kind === 'internet').map((n) => n.name)), gateways };
}

/**
 * The host with the default route that it very likely has, as an assumption, where nothing is said of its routes: into
 * the internet when it is on it; else, unless it forwards itself, to the only box on its networks that forwards.
 */
export function assumeDefaultRoute(draft: HostDraft, host: Host, targets: DefaultRouteTargets): Host {
  if (draft.collected || draft.shape.facts !== undefined || draft.shape.routes !== undefined) return host;
  const added = ([4, 6] as const).flatMap((family) => {
    if (host.routes.some((r) => r.prefix.length === 0 && r.prefix.address.family === family && r.table === TABLE.main))
      return [];
    const guess =
      towardsInternet(host, family, targets) ?? (draft.shape.forwards ? null : towardsRouter(host, family, targets));
    return guess ? [defaultRoute(family, guess)] : [];
  });
  return added.length === 0 ? host : { ...host, routes: [...host.routes, ...added] };
}

interface Guess {
  readonly hop: NextHop;
  readonly why: string;
}

function towardsInternet(host: Host, family: Family, { internet }: DefaultRouteTargets): Guess | null {
  const has = (i: Interface): boolean => i.up && i.addresses.some((a) => a.address.family === family);
  const ends = host.interfaces.filter((i) => i.link !== undefined && internet.has(i.link) && has(i));
  if (ends.length !== 1) return null;
  const { name, link } = ends[0]!;
  const why = `default dev ${name}: no routes are written, and ${host.name} is on ${link!}`;
  return { hop: { dev: name, ...PLAIN }, why };
}

function towardsRouter(host: Host, family: Family, { gateways }: DefaultRouteTargets): Guess | null {
  const near = host.interfaces.flatMap((own) => {
    if (!own.up || own.link === undefined) return [];
    const on = (gateways.get(own.link) ?? []).filter((g) => g.host !== host.name && g.address.family === family);
    return on.flatMap(({ address: via }) =>
      own.addresses.some((a) => contains(a, via)) ? [{ via, dev: own.name }] : [],
    );
  });
  const only = near.length === 1 ? near[0] : undefined;
  if (!only) return null;
  const why = `default via ${formatAddress(only.via)} dev ${only.dev}: no routes are written, and it is the only box there that forwards`;
  return { hop: { ...only, ...PLAIN }, why };
}

const PLAIN = { weight: 1, onlink: false, dead: false, linkdown: false } as const;

function defaultRoute(family: Family, { hop, why }: Guess): Route {
  return {
    prefix: defaultPrefix(family),
    type: 'unicast',
    table: TABLE.main,
    metric: family === 4 ? 0 : 1024,
    tos: 0,
    scope: hop.via || family === 6 ? 'global' : 'link',
    protocol: 'boot',
    nexthops: [hop],
    fact: assumption(why),
  };
}
