import { shellLine } from '../shell-words.ts';
import type { RouteDialect } from '../route-dialect.ts';
import { linesOf } from '../route-lines.ts';
import { routeAddCommand } from './print-route.ts';
import { parseRouteListing, parseRouteWords } from './route-words.ts';

const COMMAND =
  /^\s*(?:[#$]\s+)?(sudo\s+)?(\/\S*\/)?ip(\s+-\S+)*\s+(r|ro|rou|rout|route)\s+(a|add|append|prepend|replace|change|chg|d|del|delete)\s/m;
const LISTED =
  /^(default|unreachable|blackhole|prohibit|throw|local|broadcast|multicast|anycast|[\d.]+(\/\d+)?|[\da-f:]*:[\da-f:]+(\/\d+)?)\s+(.*\s)?(dev|via|nexthop|proto|scope|metric|table)\s/m;
const REJECTED = /^\s*(unreachable|blackhole|prohibit|throw)\s+[\da-f.:]+(\/\d+)?\s*$/m;

/** `ip route` of Linux: commands, and what `ip route show` prints. */
export const iproute2Routes: RouteDialect = {
  name: 'iproute2',
  words: ['linux', 'ip'],
  title: 'Linux, ip route',
  limits: {
    families: [4, 6],
    rejects: ['unreachable', 'prohibit', 'blackhole', 'throw'],
    lacks: [],
    // net/core/dev.c, dev_valid_name
    devices: /^[^\s/:]{1,15}$/,
  },
  recognise: (text) => {
    if (COMMAND.test(text)) return /^\s*(up|post-up|down)\s/m.test(text) ? 'no' : 'yes';
    // files of other programs hold the same words
    return LISTED.test(text) || REJECTED.test(text)
      ? /^\s*(#.*\/route6?-|static_routes\s*\{)/m.test(text)
        ? 'no'
        : 'yes'
      : 'no';
  },
  parse: (text, source) => {
    if (!COMMAND.test(text)) return parseRouteListing(text, source);
    const read = linesOf(text, source).map((line) => parseRouteWords(line.text, { source, line: line.number }));
    return {
      value: read.flatMap(({ value }) => (value ? [value] : [])),
      diagnostics: read.flatMap(({ diagnostics }) => diagnostics),
    };
  },
  print: (routes) => routes.map((route) => `${shellLine(routeAddCommand(route))}\n`).join(''),
};
