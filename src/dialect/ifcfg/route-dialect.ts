import { parseAddress, prefixOf, type Diagnostic, type Parsed } from '../../ip/index.ts';
import type { Route } from '../../model/index.ts';
import { parseRouteWords, routeAddWords } from '../iproute2/index.ts';
import { netmaskLength } from '../netmask.ts';
import { LINUX_LIMITS } from '../reject-kinds.ts';
import type { RouteDialect } from '../route-dialect.ts';
import { byDevice } from '../route-hops.ts';
import { factOf, linesOf, readerOf, type Line } from '../route-lines.ts';
import { PLACEHOLDER, routeOf } from '../route-parts.ts';

const FOLDER = '/etc/sysconfig/network-scripts';
const HEAD = /^\s*#\s*\S*\/route6?-(\S+)/m;

/** `route-IF` and `route6-IF` of Red Hat's network scripts (not in RHEL 10). Source: initscripts, sysconfig.txt. */
export const ifcfgRoutes: RouteDialect = {
  name: 'ifcfg',
  words: ['rhel', 'redhat', 'centos'],
  title: 'Red Hat, route-IF (ifcfg)',
  limits: LINUX_LIMITS,
  recognise: (text) => (HEAD.test(text) || /^\s*ADDRESS\d+=/m.test(text) ? 'yes' : 'no'),
  parse: parseIfcfg,
  print: (routes) =>
    ([4, 6] as const)
      .flatMap((family) => {
        const own = routes.filter((r) => r.prefix.address.family === family);
        return [...byDevice(own, PLACEHOLDER)].map(([dev, some]) => {
          const file = `# ${FOLDER}/route${family === 6 ? '6' : ''}-${dev}\n`;
          return file + some.map((route) => `${routeAddWords(route).join(' ')}\n`).join('');
        });
      })
      .join(''),
};

/** Lines as `ip route add` takes them, or ADDRESS0, NETMASK0 and GATEWAY0. */
function parseIfcfg(text: string, source: string): Parsed<readonly Route[]> {
  const value: Route[] = [];
  const diagnostics: Diagnostic[] = [];
  const lines = linesOf(text, source);
  const set = new Map(lines.map((line) => [/^\s*(\w+)=/.exec(line.text)?.[1] ?? '', line]));
  for (const line of lines) {
    const number = /^\s*ADDRESS(\d+)=/.exec(line.text)?.[1];
    if (number === undefined && /^\s*\w+=/.test(line.text)) continue;
    const family = number === undefined && /route6-/.test(headAbove(text, line.number)) ? 'ip -6 route add ' : '';
    const read = number === undefined ? placed(parseRouteWords(family + line.text.trim(), { source, line: line.number }), line) : numbered(line, set, number); // prettier-ignore
    if (read.value) value.push(read.value);
    diagnostics.push(...read.diagnostics);
  }
  return { value, diagnostics };
}

/** The comment that names the file of a line. */
const headAbove = (text: string, line: number): string =>
  text.split('\n').slice(0, line).filter((l) => HEAD.test(l)).at(-1) ?? ''; // prettier-ignore

/** Faults where they stand in the line itself. */
const placed = (read: Parsed<Route | null>, line: Line): Parsed<Route | null> => ({
  value: read.value && { ...read.value, fact: factOf(line) },
  diagnostics: read.diagnostics.map((d) => {
    if (!d.span) return d;
    const shift = (d.span.text?.length ?? 0) - line.text.length;
    return { ...d, span: { ...d.span, column: Math.max(1, d.span.column - Math.max(0, shift)), text: line.text } };
  }),
});

function numbered(line: Line, set: ReadonlyMap<string, Line>, number: string): Parsed<Route | null> {
  const reader = readerOf(line);
  const valueOf = (key: string): string | undefined => /=["']?([^"'\s]+)/.exec(set.get(key + number)?.text ?? '')?.[1];
  const word = { ...line.words[0]!, text: valueOf('ADDRESS') ?? '' };
  const address = reader.read(word, parseAddress);
  const length = reader.read({ ...word, text: valueOf('NETMASK') ?? '255.255.255.255' }, netmaskLength);
  const way = valueOf('GATEWAY');
  const via = way === undefined ? undefined : reader.read({ ...word, text: way }, parseAddress);
  if (!via && reader.diagnostics.length === 0) reader.note('key-missing', `there is no GATEWAY${number}`);
  if (!address || length === undefined || reader.diagnostics.length > 0)
    return { value: null, diagnostics: reader.diagnostics };
  return { value: routeOf({ prefix: prefixOf(address, length), hops: [{ via }] }, factOf(line)), diagnostics: [] };
}
