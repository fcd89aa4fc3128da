import { formatAddress, formatPrefix } from '../../ip/index.ts';
import { TABLE, type Route } from '../../model/index.ts';
import { LINUX_LIMITS } from '../reject-kinds.ts';
import type { RouteLimits } from '../route-dialect.ts';
import { hasMetric, lacking, unsayable, usualScope, type PersistedRoute, type RouteTrait } from '../persist.ts';

/**
 * Commands that add the route to a NetworkManager connection and take it into use on `dev`. `connection` is the
 * profile's name, as `connectionNameCommand` asks for it. Reject types need NetworkManager 1.36. Source:
 * nm-settings-nmcli(5), tried with `nmcli --offline` 1.42.
 */
export function persistWithNmcli(route: Route, dev: string, connection: string): PersistedRoute {
  const { cannot, useless } = lacking(route, NMCLI_LACKS);
  if (useless) return unsayable(cannot);
  const property = `+ipv${route.prefix.address.family}.routes`;
  return {
    file: null,
    content: '',
    commands: [
      ['nmcli', 'connection', 'modify', connection, property, nmcliValue(route)],
      ['nmcli', 'device', 'reapply', dev],
    ],
    cannot,
  };
}

/** The command that prints the name of the connection that runs on the interface. */
export const connectionNameCommand = (dev: string): readonly string[] => [
  'nmcli',
  '-g',
  'GENERAL.CONNECTION',
  'device',
  'show',
  dev,
];

/** What NetworkManager has no words for (nm-settings(5)). */
const NMCLI_LACKS: readonly RouteTrait[] = ['several-hops', 'other-family'];

/** What of a route NetworkManager 1.42 takes. */
export const NMCLI_LIMITS: RouteLimits = {
  ...LINUX_LIMITS,
  lacks: NMCLI_LACKS,
  types: ['unicast', 'local'],
  of6: { lacks: [...NMCLI_LACKS, 'tos'] },
};

/** Scopes as nmcli takes them: numbers only (include/uapi/linux/rtnetlink.h). */
export const SCOPE = { global: 0, site: 200, link: 253, host: 254, nowhere: 255 } as const;

/** `10.67.0.0/16 192.168.120.254 50 table=100`. */
export function nmcliValue(route: Route): string {
  const hop = route.nexthops[0];
  const metric = hasMetric(route) ? [route.metric] : [];
  return [
    formatPrefix(route.prefix),
    ...(hop?.via ? [formatAddress(hop.via)] : []),
    ...metric,
    ...attributes(route),
  ].join(' ');
}

/** `table=100`, `onlink=true`: as nmcli and keyfiles have them. */
export function attributes(route: Route): readonly string[] {
  return [
    ...(route.type === 'unicast' ? [] : [`type=${route.type}`]),
    ...(route.nexthops[0]?.onlink ? ['onlink=true'] : []),
    ...(route.source ? [`src=${formatAddress(route.source)}`] : []),
    ...(route.table === TABLE.main ? [] : [`table=${route.table}`]),
    ...(route.tos === 0 ? [] : [`tos=${route.tos}`]),
    ...(route.mtu === undefined ? [] : [`mtu=${route.mtu}`]),
    ...(route.scope === usualScope(route) ? [] : [`scope=${SCOPE[route.scope]}`]),
  ];
}
