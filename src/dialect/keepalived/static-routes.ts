import { formatPrefix, type Diagnostic, type Parsed } from '../../ip/index.ts';
import type { Route } from '../../model/index.ts';
import { parseRouteWords, routeAddWords } from '../iproute2/index.ts';
import { LINUX_LIMITS } from '../reject-kinds.ts';
import type { RouteDialect } from '../route-dialect.ts';

/** `static_routes { … }` of Keepalived, in the words of ip route. Source: keepalived.conf(5), tried with 2.2.7. */
export const keepalivedRoutes: RouteDialect = {
  name: 'keepalived',
  words: ['static_routes'],
  title: 'Keepalived, static_routes',
  limits: LINUX_LIMITS,
  recognise: (text) => (/^\s*static_routes\s*\{/m.test(text) ? 'yes' : 'no'),
  parse: parseStaticRoutes,
  print: (routes) => `static_routes {\n${routes.map((r) => `    ${wordsOf(r).join(' ')}\n`).join('')}}\n`,
};

/** `default` would be that of IPv4; without an interface there is none whose state could be followed, which it warns of. */
function wordsOf(route: Route): readonly string[] {
  const words = routeAddWords(route).map((w, i) => (w === 'default' && i < 2 ? formatPrefix(route.prefix) : w));
  const end = route.nexthops.length > 1 ? words.indexOf('nexthop') : words.length;
  const isNamed = route.nexthops.some((hop) => hop.dev !== undefined);
  return isNamed ? words : [...words.slice(0, end), 'no_track', ...words.slice(end)];
}

function parseStaticRoutes(text: string, source: string): Parsed<readonly Route[]> {
  const value: Route[] = [];
  const diagnostics: Diagnostic[] = [];
  let isInside = false;
  for (const [i, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.replace(/[#!].*$/, '');
    const [, head = '', rest = ''] = /^(\s*static_routes\s*\{)?(.*)$/.exec(line) ?? [];
    if (head !== '') isInside = true;
    const words = rest
      .replace(/\}.*$/, '')
      .replace(/\sno_track\b/, '')
      .trimEnd();
    if (isInside && words.trim() !== '') {
      const start = head.length + words.length - words.trimStart().length;
      const read = parseRouteWords(words.trim(), { source, line: i + 1, column: start + 1, lineText: raw });
      if (read.value) value.push(read.value);
      diagnostics.push(...read.diagnostics);
    }
    if (rest.includes('}')) isInside = false;
  }
  return { value, diagnostics };
}
