import { formatPrefix, type Family } from '../../ip/index.ts';
import type { Route } from '../../model/index.ts';
import type { RouteDialect } from '../route-dialect.ts';
import { linesOf, routesOfLines, type Line } from '../route-lines.ts';
import { addWords, readArguments } from './command.ts';
import { BSD_LIMITS } from './limits.ts';

const ROUTE = /^(\s*(ipv6_)?route_(\w+)=(["']?))(.*?)\4\s*(#.*)?$/;
const DEFAULT = /^(\s*(ipv6_)?default(?:router|gateway)=(["']?))(.*?)\3\s*(#.*)?$/;

/**
 * /etc/rc.conf of FreeBSD: `static_routes`, `route_NAME`, `defaultrouter` and their IPv6 forms. A route that no list names
 * is not set at boot, and so left out. Source: rc.conf(5).
 */
export const rcConfRoutes: RouteDialect = {
  name: 'rc.conf',
  words: ['rcconf'],
  title: 'FreeBSD, /etc/rc.conf',
  limits: BSD_LIMITS,
  recognise: (text) => (/^\s*(ipv6_)?(static_routes|route_\w+|defaultrouter)=/m.test(text) ? 'yes' : 'no'),
  parse: (text, source) => {
    const lists = [...text.matchAll(/^\s*(?:ipv6_)?static_routes=["']?([^"'\n#]*)/gm)];
    const named = new Set(lists.flatMap((m) => m[1]!.split(/\s+/)).map((name) => name.split(':')[0]!));
    const lines = linesOf(text, source).flatMap((line) => argumentsOf(line));
    return routesOfLines(lines, (reader, line) => {
      const name = ROUTE.exec(line.text)?.[3];
      if (name === undefined || named.has(name)) return readArguments(reader, false);
      reader.note('name-unknown', `no static_routes names '${name}', so it is not set at boot`, undefined, `put ${name} into static_routes`, 'warning'); // prettier-ignore
      return null;
    });
  },
  print: (routes) => ([4, 6] as const).map((family) => printFamily(routes, family)).join(''),
};

/** The words of one variable, as those of a line of route(8). */
function argumentsOf(line: Line): readonly Line[] {
  const route = ROUTE.exec(line.text);
  const router = DEFAULT.exec(line.text);
  const found = route ?? router;
  if (!found) return [];
  const start = found[1]!.length + 1;
  const value = route ? route[5]! : router![4]!;
  const end = start + value.length;
  const inside = line.text.slice(0, end - 1).replace(/^.*?=["']?/, (head) => ' '.repeat(head.length));
  const words = readWords(inside, line);
  const six = found[2] !== undefined;
  const extra = router ? [{ ...words[0]!, text: 'default' }] : [];
  const family = six && words[0] ? [{ ...words[0], text: '-inet6' }] : [];
  return words.length === 0 || /^NO$/i.test(value) ? [] : [{ ...line, words: [...family, ...extra, ...words] }];
}

function readWords(text: string, line: Line): Line['words'] {
  const all = linesOf(text, line.source)[0]?.words ?? [];
  return all.map((w) => ({ ...w, span: { ...w.span, line: line.number, text: line.text } }));
}

function printFamily(all: readonly Route[], family: Family): string {
  const routes = all.filter((r) => r.prefix.address.family === family);
  if (routes.length === 0) return '';
  const [list, variable] = family === 4 ? ['static_routes', 'route_'] : ['ipv6_static_routes', 'ipv6_route_'];
  const names = routes.map((r, i) => nameOf(r, routes.slice(0, i)));
  const lines = routes.map((r, i) => `${variable}${names[i]!}="${addWords(r).filter((w) => w !== '-inet6').join(' ')}"\n`); // prettier-ignore
  return `${list}="${names.join(' ')}"\n${lines.join('')}`;
}

/** A shell variable's name, another one for each route. */
function nameOf(route: Route, before: readonly Route[]): string {
  const name = formatPrefix(route.prefix).replace(/\W+/g, '_');
  const again = before.filter((r) => formatPrefix(r.prefix).replace(/\W+/g, '_') === name).length;
  return `waymark_${name}${again > 0 ? `_again${again}` : ''}`;
}
