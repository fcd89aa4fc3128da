import type { Diagnostic, Parsed } from '../../ip/index.ts';
import type { Route } from '../../model/index.ts';
import type { RouteDialect } from '../route-dialect.ts';
import { byDevice } from '../route-hops.ts';
import { factOf, linesOf, readerOf, type Line } from '../route-lines.ts';
import { PLACEHOLDER, routeOf } from '../route-parts.ts';
import { NMCLI_LIMITS, nmcliValue } from './print.ts';
import { routeValue } from './route-value.ts';

const REAPPLY = /^\s*(?:sudo\s+)?nmcli\s+d\w*\s+reapply\s+(\S+)/;
const ROUTES = /\s\+?ipv[46]\.routes\s+("([^"]*)"|'([^']*)'|(\S+))/;

/** `nmcli connection modify … +ipv4.routes`. Source: nm-settings-nmcli(5). */
export const nmcliRoutes: RouteDialect = {
  name: 'nmcli',
  words: ['networkmanager', 'nm'],
  title: 'NetworkManager, nmcli',
  limits: NMCLI_LIMITS,
  recognise: (text) => (/^\s*(sudo\s+)?nmcli\s/m.test(text) ? 'yes' : 'no'),
  parse: parseNmcli,
  print: (routes) =>
    [...byDevice(routes, PLACEHOLDER)]
      .flatMap(([dev, own]) => [...own.map(modify), `nmcli device reapply ${dev}`])
      .map((line) => `${line}\n`)
      .join(''),
  advice: () => [`put the connection's name in place of CONNECTION; 'nmcli connection' lists them`],
};

const modify = (route: Route): string =>
  `nmcli connection modify CONNECTION +ipv${route.prefix.address.family}.routes "${nmcliValue(route)}"`;

/** Routes belong to the device that is re-applied next. */
function parseNmcli(text: string, source: string): Parsed<readonly Route[]> {
  const value: Route[] = [];
  const diagnostics: Diagnostic[] = [];
  const lines = linesOf(text, source);
  for (const [i, line] of lines.entries()) {
    const found = ROUTES.exec(line.text);
    if (!found) continue;
    const next = lines.slice(i).map((l) => REAPPLY.exec(l.text)?.[1]);
    const dev = next.find((name) => name !== undefined);
    const all = (found[2] ?? found[3] ?? found[4]!).split(',');
    for (const one of all) readOne(line, one, dev === PLACEHOLDER ? undefined : dev, value, diagnostics);
  }
  return { value, diagnostics };
}

function readOne(line: Line, text: string, dev: string | undefined, value: Route[], diagnostics: Diagnostic[]): void {
  const read = routeValue(text.trim().split(/\s+/), dev);
  if (read.ok) value.push(routeOf(read.value, factOf(line)));
  else {
    const reader = readerOf(line);
    const column = line.text.indexOf(text.trim()) + 1;
    const span = {
      source: line.source,
      line: line.number,
      column,
      length: Math.max(1, text.trim().length),
      text: line.text,
    };
    reader.note(read.code, read.message, span, read.hint);
    diagnostics.push(...reader.diagnostics);
  }
}
