import { formatAddress, formatPrefix, isLoopback, isMulticast, isUnspecified, parseAddress, parsePrefix, type Parsed } from '../../ip/index.ts'; // prettier-ignore
import type { Route } from '../../model/index.ts';
import { upTo } from '../iproute2/names.ts';
import type { WordReader } from '../iproute2/words.ts';
import { hasMetric } from '../persist.ts';
import { PLACEHOLDER } from '../route-parts.ts';
import type { HopParts, RouteParts } from '../route-parts.ts';
import type { RouteDialect } from '../route-dialect.ts';
import { linesOf, routesOfLines, type Line } from '../route-lines.ts';
import { WINDOWS_LIMITS } from './route.ts';

/** `New-NetRoute` of PowerShell, and what `Get-NetRoute` prints. Source: Microsoft Learn, NetTCPIP. */
export const powershellRoutes: RouteDialect = {
  name: 'powershell',
  words: ['pwsh', 'netroute'],
  title: 'Windows, PowerShell',
  limits: { ...WINDOWS_LIMITS, devices: /^[^"$`\s]+$/ },
  recognise: (text) =>
    /\bNew-NetRoute\b/i.test(text) || /^\s*ifIndex\s+DestinationPrefix\s/im.test(text) ? 'yes' : 'no',
  parse: parsePowershell,
  print: (routes) => routes.map((route) => `${command(route)}\n`).join(''),
  advice: (routes) =>
    routes.some((r) => r.nexthops[0]?.dev === undefined)
      ? [`put the interface's name in place of ${PLACEHOLDER}; Get-NetAdapter lists them`]
      : [],
};

function command(route: Route): string {
  const { via, dev = PLACEHOLDER } = route.nexthops[0]!;
  const device = /^\d+$/.test(dev) ? `-InterfaceIndex ${dev}` : `-InterfaceAlias "${dev}"`;
  const way = via ? ` -NextHop ${formatAddress(via)}` : '';
  const metric = hasMetric(route) ? ` -RouteMetric ${route.metric}` : '';
  return `New-NetRoute -DestinationPrefix ${formatPrefix(route.prefix)} ${device}${way}${metric}`;
}

function parsePowershell(text: string, source: string): Parsed<readonly Route[]> {
  const lines = linesOf(text, source);
  return /New-NetRoute/i.test(text) ? routesOfLines(lines, readCommand) : routesOfLines(lines, readRow);
}

const IGNORED = ['-policystore', '-protocol', '-publish', '-addressfamily', '-validlifetime', '-preferredlifetime'];

function readCommand(reader: WordReader): RouteParts | null {
  let [prefix, dev, hop, metric]: [RouteParts['prefix']?, string?, HopParts?, number?] = [];
  for (let word = reader.next(); word; word = reader.next()) {
    const key = word.text.toLowerCase();
    const quoted = (): string => words(reader).replace(/^(["'])(.*)\1$/, '$2');
    if (key === '-destinationprefix') prefix = reader.value(word, 'a prefix', (t) => parsePrefix(unquoted(t)));
    else if (key === '-interfaceindex' || key === '-interfacealias' || key === '-ifindex') dev = quoted();
    else if (key === '-nexthop') hop = { via: reader.value(word, 'an address', (t) => parseAddress(unquoted(t))) };
    else if (key === '-routemetric') metric = reader.value(word, 'a number', upTo(0xffff));
    else if (IGNORED.includes(key)) reader.next();
    else if (key.startsWith('-') && !key.startsWith('-confirm')) reader.note('key-unknown', `'${word.text.slice(0, 60)}' is no word of New-NetRoute`, word.span); // prettier-ignore
  }
  if (!prefix && reader.diagnostics.length === 0) reader.note('key-missing', 'there is no -DestinationPrefix');
  if (!prefix) return null;
  const via = hop?.via && isUnspecified(hop.via) ? undefined : hop?.via;
  return { prefix, metric, hops: [{ via, dev: dev === PLACEHOLDER || dev === '' ? undefined : dev }] };
}

const unquoted = (text: string): string => text.replace(/^(["'])(.*)\1$/, '$2');

/** The next word, with those that follow up to its closing quote. */
function words(reader: WordReader): string {
  let text = reader.next()?.text ?? '';
  const quote = text[0] === '"' || text[0] === "'" ? text[0] : undefined;
  while (quote !== undefined && (text.length === 1 || !text.endsWith(quote)) && reader.peek() !== undefined) text += ` ${reader.next()!.text}`; // prettier-ignore
  return text;
}

/** `12  10.67.0.0/16  192.168.120.254  256  25  ActiveStore`; 256 is what is taken when nobody says a metric. */
function readRow(_reader: WordReader, line: Line): RouteParts | null {
  const [index = '', target = '', way = '', number = ''] = line.words.map((w) => w.text);
  const prefix = parsePrefix(target);
  const via = parseAddress(way);
  if (!/^\d+$/.test(index) || !prefix.ok || !via.ok) return null;
  const { address } = prefix.value;
  if (isLoopback(address) || isMulticast(address)) return null;
  const metric = number === '256' ? undefined : Number(number);
  if (isUnspecified(via.value)) return { prefix: prefix.value, metric, hops: [{ dev: index }], protocol: 'kernel' };
  return { prefix: prefix.value, metric, hops: [{ via: via.value, dev: index }] };
}
