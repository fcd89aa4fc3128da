import { assumption, contains, defaultPrefix, formatAddress, type Address, type Family } from '../ip/index.ts';
import { TABLE, type Host, type NextHop, type Route } from '../model/index.ts';
import type { DeclaredNetwork } from './link-declarations.ts';
import type { HostDraft } from './network-file-host.ts';

/**
 * The host with the default route that it very likely has, as an assumption, where nothing is said of its routes: into
 * the internet when it is on it; else, unless it forwards itself, to the only box on its networks that forwards.
 */
export function assumeDefaultRoute(
  draft: HostDraft,
  host: Host,
  all: readonly HostDraft[],
  networks: readonly DeclaredNetwork[],
): Host {
  if (draft.collected || draft.shape.facts !== undefined || draft.shape.routes !== undefined) return host;
  const added = ([4, 6] as const).flatMap((family) => {
    if (host.routes.some((r) => r.prefix.length === 0 && r.prefix.address.family === family && r.table === TABLE.main))
      return [];
    const hop =
      towardsInternet(host, family, networks) ?? (draft.shape.forwards ? null : towardsRouter(host, family, all));
    return hop ? [defaultRoute(family, hop)] : [];
  });
  return added.length === 0 ? host : { ...host, routes: [...host.routes, ...added] };
}

interface Guess {
  readonly hop: NextHop;
  readonly why: string;
}

function towardsInternet(host: Host, family: Family, networks: readonly DeclaredNetwork[]): Guess | null {
  const internet = networks.filter((n) => n.kind === 'internet').map((n) => n.name);
  const ends = host.interfaces.filter(
    (i) =>
      i.link !== undefined && internet.includes(i.link) && i.up && i.addresses.some((a) => a.address.family === family),
  );
  if (ends.length !== 1) return null;
  const { name, link } = ends[0]!;
  return {
    hop: { dev: name, ...PLAIN },
    why: `default dev ${name}: no routes are written, and ${host.name} is on ${link ?? ''}`,
  };
}

function towardsRouter(host: Host, family: Family, all: readonly HostDraft[]): Guess | null {
  const gateways = host.interfaces.flatMap((own) =>
    all
      .flatMap((other) =>
        other.name === host.name || !other.shape.forwards || own.link === undefined
          ? []
          : gatewaysOn(other.host, own.link, family),
      )
      .flatMap((via) =>
        own.up && own.addresses.some((a) => contains({ address: a.address, length: a.length }, via))
          ? [{ via, dev: own.name }]
          : [],
      ),
  );
  const only = gateways.length === 1 ? gateways[0] : undefined;
  if (!only) return null;
  const why = `default via ${formatAddress(only.via)} dev ${only.dev}: no routes are written, and it is the only box there that forwards`;
  return { hop: { ...only, ...PLAIN }, why };
}

const PLAIN = { weight: 1, onlink: false, dead: false, linkdown: false } as const;

const gatewaysOn = (router: Host, link: string, family: Family): readonly Address[] =>
  router.interfaces
    .filter((i) => i.link === link)
    .flatMap((i) =>
      i.addresses
        .map((a) => a.address)
        .filter((a) => a.family === family)
        .slice(0, 1),
    );

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
