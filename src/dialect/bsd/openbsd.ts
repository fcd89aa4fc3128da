import { TABLE, type Route } from '../../model/index.ts';
import type { Likeness, RouteDialect, RouteLimits } from '../route-dialect.ts';
import { linesOf, routesOfLines } from '../route-lines.ts';
import { shellLine } from '../shell-words.ts';
import { addWords, readCommand } from './command.ts';
import { BSD_LIMITS } from './limits.ts';
import { isNetstat, parseNetstat } from './netstat.ts';
import { likeBsd } from './recognise.ts';

const OWN = /-priority\s|\s-T\s*\d|\bdoas\s|Prio\s+Iface|\s(vio|iwm|iwx|pppoe)\d+(\s|$)/m;
const OTHER = /-ifscope|setfib|-fib\s|\ben\d+\s*$|\butun\d|Netif\s+Expire|^\s*!/m;

/** Routing tables 0 to 255, where 0 is the usual one; priorities as metrics (route(8)). */
const LIMITS: RouteLimits = {
  ...BSD_LIMITS,
  lacks: BSD_LIMITS.lacks.filter((trait) => trait !== 'table' && trait !== 'metric'),
  metric: [1, 63],
  table: [1, 252],
  metricIs: 'a priority, of which static routes have 8 when none is said',
};

/** What `route add` of OpenBSD needs, as arguments. */
function command(route: Route): readonly string[] {
  const table = route.table === TABLE.main ? [] : ['-T', String(route.table)];
  const own = route.prefix.address.family === 4 ? 0 : 1024;
  const priority = route.metric === own ? [] : ['-priority', String(route.metric)];
  return ['route', ...table, 'add', ...priority, ...addWords(route)];
}

/** `route` of OpenBSD and its `netstat -rn`. Source: OpenBSD route(8). */
export const openbsdRoutes: RouteDialect = {
  name: 'openbsd',
  words: [],
  title: 'OpenBSD, route',
  limits: LIMITS,
  recognise: (text) => likeBsd(text, OWN, OTHER),
  parse: (text, source) =>
    isNetstat(text) ? parseNetstat(text, source) : routesOfLines(linesOf(text, source), readCommand),
  print: (routes) => routes.map((route) => `${shellLine(command(route))}\n`).join(''),
};

/** Lines for /etc/hostname.IF of OpenBSD, run when the interface comes up. Source: hostname.if(5). */
export const hostnameIfRoutes: RouteDialect = {
  name: 'hostname.if',
  words: [],
  title: 'OpenBSD, /etc/hostname.IF',
  limits: LIMITS,
  recognise: (text): Likeness => (/^\s*!\s*(\/sbin\/)?route\s/m.test(text) ? 'yes' : 'no'),
  parse: (text, source) => {
    const lines = linesOf(text, source).filter((line) => /^\s*!/.test(line.text));
    const bare = lines.map((line) => ({ ...line, words: line.words.map((w) => ({ ...w, text: w.text.replace(/^!/, '') })).filter((w) => w.text !== '') })); // prettier-ignore
    return routesOfLines(bare, readCommand);
  },
  print: (routes) => routes.map((route) => `!${shellLine(command(route))}\n`).join(''),
};
