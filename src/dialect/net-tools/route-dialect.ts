import { formatAddress, formatPrefix } from '../../ip/index.ts';
import type { Route } from '../../model/index.ts';
import type { RouteDialect } from '../route-dialect.ts';
import { shellLine } from '../shell-words.ts';
import { parseNetTools } from './parse.ts';

const COMMAND = /^\s*[#$]?\s*(sudo\s+)?(\/\S*\/)?route\s+((-A\s+\w+|-\w+|--inet6?)\s+)*add\s.*$/gm;
const OWN = /\s(gw|dev|reject|netmask)(\s|$)|-A\s+inet/;
const HEAD = /^\s*Kernel IP(v6)? routing table|^Destination\s+Gateway\s+Genmask/m;

/** `route` of Linux (net-tools), and what `route -n` and `netstat -rn` print there. Source: route(8), net-tools 2.10. */
export const netToolsRoutes: RouteDialect = {
  name: 'net-tools',
  words: ['nettools'],
  title: 'Linux, route (net-tools)',
  limits: {
    families: [4, 6],
    rejects: ['unreachable'],
    of6: { rejects: [] },
    lacks: ['type', 'several-hops', 'other-family', 'tos', 'table', 'source', 'mtu', 'onlink', 'scope', 'weight'],
    metric: [1, 32766],
    devices: /^[^\s/:]{1,15}$/,
  },
  recognise: (text) => (HEAD.test(text) || (text.match(COMMAND) ?? []).some((line) => OWN.test(line)) ? 'yes' : 'no'),
  parse: parseNetTools,
  print: (routes) => routes.map((route) => `${shellLine(command(route))}\n`).join(''),
};

function command(route: Route): readonly string[] {
  const { prefix, metric, nexthops } = route;
  const six = prefix.address.family === 6;
  const hop = nexthops[0];
  return [
    ...(six ? ['route', '-A', 'inet6', 'add'] : ['route', 'add']),
    ...target(route),
    ...(hop?.via ? ['gw', formatAddress(hop.via)] : []),
    ...(metric === (six ? 1 : 0) ? [] : ['metric', String(metric)]),
    ...(hop ? [] : ['reject']),
    ...(hop?.dev === undefined ? [] : ['dev', hop.dev]),
  ];
}

function target({ prefix }: Route): readonly string[] {
  if (prefix.length === 0) return ['default'];
  if (prefix.address.family === 6) return [formatPrefix(prefix)];
  return prefix.length === 32 ? ['-host', formatAddress(prefix.address)] : ['-net', formatPrefix(prefix)];
}
