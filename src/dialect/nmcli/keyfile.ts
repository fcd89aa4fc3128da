import { formatAddress, formatPrefix, type Diagnostic, type Family, type Parsed } from '../../ip/index.ts';
import type { Route } from '../../model/index.ts';
import { hasMetric } from '../persist.ts';
import type { RouteDialect } from '../route-dialect.ts';
import { byDevice } from '../route-hops.ts';
import { factOf, linesOf, readerOf, type Line } from '../route-lines.ts';
import { routeOf } from '../route-parts.ts';
import { attributes, NMCLI_LIMITS } from './print.ts';
import { routeValue } from './route-value.ts';

/** Connections of NetworkManager as files: `route1=…` below `[ipv4]` and `[ipv6]`. Source: nm-settings-keyfile(5). */
export const keyfileRoutes: RouteDialect = {
  name: 'keyfile',
  words: ['nmconnection'],
  title: 'NetworkManager, keyfile',
  limits: NMCLI_LIMITS,
  recognise: (text) => (/^\s*\[ipv[46]\]\s*$/m.test(text) && /^\s*route\d*=/m.test(text) ? 'yes' : 'no'),
  parse: parseKeyfile,
  print: (routes) => [...byDevice(routes, '')].map(([dev, own]) => printFile(dev, own)).join('\n'),
  advice: () => ["it belongs into the connection's own file in /etc/NetworkManager/system-connections, mode 600; then 'nmcli connection reload'"], // prettier-ignore
};

function printFile(dev: string, routes: readonly Route[]): string {
  const head = `[connection]\n${dev === '' ? '' : `interface-name=${dev}\n`}`;
  return [head, ...([4, 6] as const).map((family) => printFamily(routes, family))]
    .filter((part) => part !== '')
    .join('\n');
}

function printFamily(routes: readonly Route[], family: Family): string {
  const own = routes.filter((r) => r.prefix.address.family === family);
  const lines = own.flatMap((route, i) => {
    const options = attributes(route).join(',');
    return [`route${i + 1}=${valueOf(route)}`, ...(options === '' ? [] : [`route${i + 1}_options=${options}`])];
  });
  return own.length === 0 ? '' : `[ipv${family}]\n${lines.join('\n')}\n`;
}

/** Without a next hop but with a metric, the unspecified address stands in between. */
export function valueOf(route: Route): string {
  const via = route.nexthops[0]?.via;
  const nothing = route.prefix.address.family === 4 ? '0.0.0.0' : '::';
  const metric = hasMetric(route) ? [route.metric] : [];
  const way = via ? [formatAddress(via)] : metric.length > 0 ? [nothing] : [];
  return [formatPrefix(route.prefix), ...way, ...metric].join(',');
}

interface Entry {
  readonly line: Line;
  readonly dev: string | undefined;
  readonly value: string;
  options: string;
}

function parseKeyfile(text: string, source: string): Parsed<readonly Route[]> {
  const diagnostics: Diagnostic[] = [];
  const value = entriesOf(linesOf(text, source)).flatMap(({ line, dev, value, options }) => {
    const read = routeValue(
      [...value.split(/[,;]/), ...options.split(',')].map((w) => w.trim()),
      dev,
    );
    if (read.ok) return [routeOf(read.value, factOf(line))];
    const reader = readerOf(line);
    reader.note(read.code, read.message, undefined, read.hint);
    diagnostics.push(...reader.diagnostics);
    return [];
  });
  return { value, diagnostics };
}

function entriesOf(lines: readonly Line[]): readonly Entry[] {
  const entries: Entry[] = [];
  let open = new Map<string, Entry>();
  let dev: string | undefined;
  for (const line of lines) {
    const [, section] = /^\s*\[(\w+)\]\s*$/.exec(line.text) ?? [];
    if (section !== undefined) open = new Map();
    if (section === 'connection') dev = undefined;
    dev = /^\s*interface-name=(\S+)/.exec(line.text)?.[1] ?? dev;
    const [, number = '', options, value = ''] = /^\s*routes?(\d*)(_options)?=(.*)$/.exec(line.text) ?? [];
    const known = open.get(number);
    if (options !== undefined && known) known.options = value.trim();
    else if (value !== '' && options === undefined) {
      const entry = { line, dev, value: value.trim(), options: '' };
      open.set(number, entry);
      entries.push(entry);
    }
  }
  return entries;
}
