import { formatAddress, formatPrefix, parseAddress, parsePrefix, prefixOf, sameAddress, type Parsed, type Prefix } from '../../ip/index.ts'; // prettier-ignore
import type { Route } from '../../model/index.ts';
import type { Word, WordReader } from '../iproute2/words.ts';
import { netmask, netmaskLength } from '../netmask.ts';
import { hasMetric } from '../persist.ts';
import type { RouteDialect } from '../route-dialect.ts';
import { eachHop, joinHops } from '../route-hops.ts';
import { linesOf, routesOfLines } from '../route-lines.ts';
import type { HopParts, RouteParts } from '../route-parts.ts';
import { isShowIpRoute, parseShowIpRoute } from './show-ip-route.ts';

const COMMAND =
  /^\s*(\S+[#>]\s*)?ip(v6)?\s+route\s+((vrf\s+\S+\s+)?([\d.]+\s+[\d.]+\s|\S*:\S*\/\d+\s|[\d.]+\/\d+\s+(?!via|dev)\S))/m;

/** Cisco IOS and IOS XE: `ip route`, `ipv6 route`, and what `show ip route` prints. NX-OS and EOS are read too. */
export const iosRoutes: RouteDialect = {
  name: 'ios',
  words: ['cisco'],
  title: 'Cisco IOS',
  limits: {
    families: [4, 6],
    rejects: ['unreachable'],
    lacks: ['type', 'other-family', 'tos', 'table', 'source', 'mtu', 'onlink', 'scope', 'weight'],
    metric: [1, 254],
    devices: /^(?!Null0$|name$|tag$|track$|permanent$|vrf$|global$)[A-Za-z][\w/.:-]*$/,
    metricIs: 'an administrative distance',
  },
  recognise: (text) => (COMMAND.test(text) || isShowIpRoute(text) ? 'yes' : 'no'),
  parse: parseIos,
  print: (routes) =>
    eachHop(routes)
      .map((route) => `${command(route)}\n`)
      .join(''),
  advice: (routes) => [
    "type it below 'configure terminal'; 'write memory' keeps it",
    ...(routes.some((r) => r.nexthops.length === 0)
      ? ["Null0 answers the sender unless it has 'no ip unreachables'"]
      : []),
  ],
};

function command(route: Route): string {
  const { prefix } = route;
  const hop = route.nexthops[0];
  const six = prefix.address.family === 6;
  const target = six ? formatPrefix(prefix) : `${formatAddress(prefix.address)} ${netmask(prefix)}`;
  const way = hop ? [hop.dev, hop.via && formatAddress(hop.via)].filter((w) => w !== undefined).join(' ') : 'Null0';
  return `${six ? 'ipv6' : 'ip'} route ${target} ${way}${hasMetric(route) ? ` ${route.metric}` : ''}`;
}

function parseIos(text: string, source: string): Parsed<readonly Route[]> {
  if (isShowIpRoute(text)) return parseShowIpRoute(text, source);
  const read = routesOfLines(linesOf(text, source, /^\s*!/), readLine);
  return { ...read, value: joinHops(read.value) };
}

/** Other lines of a configuration are no routes. */
function readLine(reader: WordReader): RouteParts | null {
  if (/[#>]$/.test(reader.peek() ?? '')) reader.next();
  const family = reader.peek();
  if (family === 'no') {
    const word = reader.next()!;
    if (reader.take('ip', 'ipv6') && reader.take('route'))
      reader.note('line-not-modelled', 'this takes a route away', word.span, 'write the routes that are there');
    return null;
  }
  if (!reader.take('ip', 'ipv6') || !reader.take('route')) return null;
  if (reader.peek() === 'vrf') {
    reader.note(
      'line-not-modelled',
      'a route of another VRF is not modelled',
      reader.next()!.span,
      undefined,
      'warning',
    );
    return null;
  }
  const prefix = readPrefix(reader);
  return prefix ? readWay(reader, prefix) : null;
}

function readPrefix(reader: WordReader): Prefix | undefined {
  const word = reader.next();
  if (!word) reader.note('key-missing', 'there is no destination', undefined, 'such as 10.8.0.0 255.255.255.0');
  if (!word || word.text.includes('/')) return word && reader.read(word, parsePrefix);
  const address = reader.read(word, parseAddress);
  const length = reader.value(word, 'a netmask', netmaskLength);
  if (!address || length === undefined) return undefined;
  const prefix = prefixOf(address, length);
  if (sameAddress(prefix.address, address)) return prefix;
  reader.note(
    'prefix-host-bits',
    `${word.text} has host bits set`,
    word.span,
    `the network is ${formatPrefix(prefix)}`,
  );
  return undefined;
}

function readWay(reader: WordReader, prefix: Prefix): RouteParts | null {
  const hop: { via?: HopParts['via']; dev?: string } = {};
  let metric: number | undefined;
  let isNull = false;
  for (let word = reader.next(); word; word = reader.next()) {
    const { text } = word;
    if (/^null\s*0$/i.test(text)) isNull = true;
    else if (/^\d+$/.test(text)) metric = Number(text);
    else if (/^[\d.]+$|:/.test(text) && !/^[g-z]/i.test(text)) hop.via = reader.read(word, parseAddress);
    else if (['name', 'tag', 'track'].includes(text)) reader.next();
    else if (!['permanent', 'multicast', 'unicast', 'global', 'dhcp'].includes(text)) hop.dev = text;
    if (text === 'dhcp' || text === 'global') limited(reader, word);
  }
  if (isNull) return { prefix, type: 'unreachable', metric, hops: [] };
  if (hop.via === undefined && hop.dev === undefined) {
    reader.note('key-missing', 'nothing says where to send the packets', undefined, 'add a gateway or an interface');
    return null;
  }
  return { prefix, metric, hops: [hop] };
}

const limited = (reader: WordReader, word: Word): void =>
  reader.note('line-limited', `'${word.text}' of a route is not modelled`, word.span, undefined, 'warning');
