import { formatAddress, formatPrefix } from '../../ip/index.ts';
import type { Route } from '../../model/index.ts';
import { netmask } from '../netmask.ts';
import { hasMetric } from '../persist.ts';
import type { RouteDialect, RouteLimits } from '../route-dialect.ts';
import { parseWindowsRoute } from './parse-route.ts';

/** What both languages of Windows can say; there are no routes that refuse. */
export const WINDOWS_LIMITS: RouteLimits = {
  families: [4, 6],
  rejects: [],
  lacks: ['type', 'several-hops', 'other-family', 'tos', 'table', 'source', 'mtu', 'onlink', 'scope', 'weight'],
  metric: [1, 9999],
  metricIs: "added to the interface's own",
};

const COMMAND = /^\s*(\S*>)?\s*(\S*\\)?route(\.exe)?\s+(-[p46f]\s+)*add\s/im;
const OWN = /\s(mask|if)\s|\smetric\s+\d+\s*$|\sADD\s|route\s+(-[p46f]\s+)+add|route\.exe/i;
/** The third column is an address or words such as `On-link`, in any language. */
const PRINTED =
  /^\s*(\d{1,3}\.){3}\d{1,3}\s+(\d{1,3}\.){3}\d{1,3}\s+([^\s\d.:/]+(\s[^\s\d.:/]+)?|[\d.]+)\s+[\d.]+\s+\d+\s*$/m;
const PRINTED6 = /^\s*\d+\s+\d+\s+[\da-f:]+\/\d+\s/im;

/** `route` of Windows and its `route print`. Source: Microsoft Learn, route. */
export const windowsRoutes: RouteDialect = {
  name: 'windows',
  words: ['win'],
  title: 'Windows, route',
  limits: { ...WINDOWS_LIMITS, devices: /^\d+$/ },
  recognise: (text) => {
    if (PRINTED.test(text) || PRINTED6.test(text)) return 'yes';
    const isPlain = !/\s(gw|dev|netmask|-net|-host)\s/.test(text);
    return COMMAND.test(text) && isPlain ? (OWN.test(text) ? 'yes' : 'maybe') : 'no';
  },
  parse: parseWindowsRoute,
  print: (routes) => routes.map((route) => `${command(route)}\n`).join(''),
  advice: () => ["with 'route -p ADD' it is kept over a reboot"],
};

function command(route: Route): string {
  const { prefix } = route;
  const { via, dev } = route.nexthops[0]!;
  const six = prefix.address.family === 6;
  const target = six ? formatPrefix(prefix) : `${formatAddress(prefix.address)} MASK ${netmask(prefix)}`;
  const way = via ? formatAddress(via) : six ? '::' : '0.0.0.0';
  const metric = hasMetric(route) ? ` METRIC ${route.metric}` : '';
  return `route ${six ? '-6 ' : ''}ADD ${target} ${way}${metric}${dev === undefined ? '' : ` IF ${dev}`}`;
}
