import type { Diagnostic, Parsed } from '../../ip/index.ts';
import type { Route } from '../../model/index.ts';
import { parseRouteWords } from '../iproute2/index.ts';
import { parseNetTools } from '../net-tools/parse.ts';
import { LINUX_LIMITS } from '../reject-kinds.ts';
import type { RouteDialect } from '../route-dialect.ts';
import { persistWithIfupdown } from './print.ts';

const LINE = /^(\s*(?:up|post-up|pre-up)\s+)(\S.*?)(\s*\|\|\s*(?:true|:))?\s*$/;

/** `up ip route add …` and `up route add …` in /etc/network/interfaces of Debian. Source: interfaces(5). */
export const ifupdownRoutes: RouteDialect = {
  name: 'ifupdown',
  words: ['debian', 'interfaces'],
  title: 'Debian, /etc/network/interfaces',
  limits: LINUX_LIMITS,
  recognise: (text) => (/^\s*(up|post-up|pre-up)\s+(\S*\/)?(ip|route)\s/m.test(text) || /^\s*iface\s+\S+\s+inet6?\s/m.test(text) ? 'yes' : 'no'), // prettier-ignore
  parse: parseInterfaces,
  print: (routes) => routes.map((route) => persistWithIfupdown(route).content).join(''),
  advice: () => ["it belongs below the addresses of the interface, and counts from the next 'ifup' on"],
};

/** The commands of all stanzas; `gateway` of a stanza is its default route. */
function parseInterfaces(text: string, source: string): Parsed<readonly Route[]> {
  const value: Route[] = [];
  const diagnostics: Diagnostic[] = [];
  let dev: string | undefined;
  for (const [i, lineText] of text.split(/\r?\n/).entries()) {
    dev = /^\s*iface\s+(\S+)/.exec(lineText)?.[1] ?? dev;
    const gateway = /^(\s*)gateway\s+(\S+)\s*$/.exec(lineText);
    const [, head = '', command = ''] = gateway ? [, '', `default via ${gateway[2]!}`] : (LINE.exec(lineText) ?? []);
    if (command === '') continue;
    const words = dev === undefined ? command : command.replace(/\$\{?IFACE\}?/g, dev);
    const isRoute = /^(sudo\s+)?(\S*\/)?route\s/.test(words);
    if (!isRoute && !gateway && !/^(\S*\/)?ip\s(-\S+\s+)*ro?u?t?e?\s/.test(words)) continue;
    const read = isRoute ? oneOf(words, source, i) : parseRouteWords(words, { source, line: i + 1, column: head.length + 1, lineText }); // prettier-ignore
    if (read.value) value.push(gateway && dev !== undefined ? onDevice(read.value, dev) : read.value);
    diagnostics.push(...read.diagnostics);
  }
  return { value, diagnostics };
}

function oneOf(words: string, source: string, line: number): Parsed<Route | null> {
  const read = parseNetTools(words, source);
  const place = (d: Diagnostic): Diagnostic => (d.span ? { ...d, span: { ...d.span, line: line + 1 } } : d);
  const [route] = read.value;
  return {
    value: route ? { ...route, fact: { ...route.fact, line: line + 1 } } : null,
    diagnostics: read.diagnostics.map(place),
  };
}

const onDevice = (route: Route, dev: string): Route => ({
  ...route,
  nexthops: route.nexthops.map((hop) => ({ ...hop, dev })),
});
