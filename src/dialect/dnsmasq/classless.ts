import { failure, formatAddress, formatPrefix, ipv4, parseAddress, parsePrefix, prefixOf, sameAddress, success, type Address, type Diagnostic, type Parsed, type Prefix, type Result } from '../../ip/index.ts'; // prettier-ignore
import type { Route } from '../../model/index.ts';
import type { RouteDialect, RouteLimits } from '../route-dialect.ts';
import { factOf, linesOf, readerOf, type Line } from '../route-lines.ts';
import { routeOf } from '../route-parts.ts';
import { classlessRouteBytes, CLASSLESS_LACKS } from './print.ts';

const LIMITS: RouteLimits = {
  families: [4],
  rejects: [],
  lacks: [...CLASSLESS_LACKS, 'scope', 'weight', 'device', 'link-local'],
};
/** Said where no default route is among them. */
const advice = (routes: readonly Route[]): readonly string[] =>
  routes.some((r) => r.prefix.length === 0)
    ? []
    : ['clients that take it ignore the router option and will have no default route: --router ADDRESS puts it in'];

const HEX = /^\s*((?:(?:option\s*)?(121|249)\s*[:=]?\s+)?)((?:0x)?[\da-f]{2}(?:(?:[:\s-]?[\da-f]{2})+))\s*$/i;

/** The bytes of option 121 (RFC 3442), or of 249, which is the same for old Windows. */
const bytesDialect = (option: 121 | 249, title: string): RouteDialect => ({
  name: `dhcp-${option}`,
  words: [`option-${option}`, ...(option === 121 ? ['dhcp'] : [])],
  title,
  limits: LIMITS,
  needsDefault: true,
  recognise: (text) => {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    if (lines.length === 0 || !lines.every((line) => HEX.test(line))) return 'no';
    const said = HEX.exec(lines[0]!)?.[2];
    return said === String(option) ? 'yes' : 'maybe';
  },
  parse: (text, source) => parseLines(linesOf(text, source), (line) => bytesOfLine(line)),
  print: (routes) => `${classlessRouteBytes(routes)}\n`,
  advice,
});

/** DHCP option 121 as bytes. */
export const option121Routes = bytesDialect(121, 'DHCP option 121, bytes');

/** DHCP option 249 as bytes. */
export const option249Routes = bytesDialect(249, 'DHCP option 249 (old Windows), bytes');

const DNSMASQ = /^(\s*(?:--)?dhcp-option(?:-force)?=(?:[^,\s]*,)*?(?:option:classless-static-route|121|249),)(\S+)\s*$/;

/** dnsmasq's line for options 121 and 249. Source: dnsmasq(8). */
export const dnsmasqRoutes: RouteDialect = {
  name: 'dnsmasq',
  words: [],
  title: 'dnsmasq, options 121 and 249',
  limits: LIMITS,
  needsDefault: true,
  recognise: (text) => (text.split('\n').some((line) => DNSMASQ.test(line)) ? 'yes' : 'no'),
  parse: (text, source) => {
    const read = parseLines(linesOf(text, source), (line) => pairsOfLine(line));
    const key = (r: Route): string =>
      `${formatPrefix(r.prefix)} ${r.nexthops.map((h) => formatAddress(h.via!)).join()}`;
    return { ...read, value: [...new Map(read.value.map((r) => [key(r), r])).values()] };
  },
  print: (routes) => {
    const pairs = routes.map((r) => `${formatPrefix(r.prefix)},${formatAddress(r.nexthops[0]!.via!)}`).join(',');
    return `dhcp-option=121,${pairs}\ndhcp-option=249,${pairs}\n`;
  },
  advice,
};

type Pair = readonly [Prefix, Address];

function parseLines(
  lines: readonly Line[],
  read: (line: Line) => Result<readonly Pair[]> | null,
): Parsed<readonly Route[]> {
  // prettier-ignore
  const value: Route[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const line of lines) {
    const pairs = read(line);
    if (pairs?.ok)
      value.push(...pairs.value.map(([prefix, via]) => routeOf({ prefix, hops: [{ via }] }, factOf(line))));
    else if (pairs) {
      const reader = readerOf(line);
      reader.note(pairs.code, pairs.message, undefined, pairs.hint);
      diagnostics.push(...reader.diagnostics);
    }
  }
  return { value, diagnostics };
}

/** Length, the significant bytes of the destination, the router; again and again. */
function bytesOfLine(line: Line): Result<readonly Pair[]> {
  const digits = (HEX.exec(line.text)?.[3] ?? '').replace(/^0x/i, '').replace(/[:\s-]/g, '');
  if (digits === '') return failure('value-invalid', 'these are no bytes', 'write them like 10:0a:43:c0:a8:78:fe');
  const bytes = [...digits.matchAll(/../g)].map((m) => parseInt(m[0], 16));
  const pairs: Pair[] = [];
  for (let i = 0; i < bytes.length;) {
    const length = bytes[i]!;
    const significant = Math.ceil(length / 8);
    const end = i + 1 + significant + 4;
    if (length > 32) return failure('prefix-invalid', `byte ${i + 1} should be a prefix length and is ${length}`);
    if (end > bytes.length) return failure('input-cut-off', `the route that begins at byte ${i + 1} is not whole`);
    const number = (part: readonly number[]): number =>
      [...part, 0, 0, 0, 0].slice(0, 4).reduce((n, b) => n * 256 + b, 0);
    const address = ipv4(number(bytes.slice(i + 1, i + 1 + significant)));
    const prefix = prefixOf(address, length);
    // RFC 3442: clients cut host bits off
    pairs.push([
      sameAddress(prefix.address, address) ? { address, length } : prefix,
      ipv4(number(bytes.slice(end - 4, end))),
    ]);
    i = end;
  }
  return success(pairs);
}

function pairsOfLine(line: Line): Result<readonly Pair[]> | null {
  const list = DNSMASQ.exec(line.text)?.[2];
  if (list === undefined) return null;
  const words = list.split(',');
  const pairs: Pair[] = [];
  for (let i = 0; i < words.length; i += 2) {
    const prefix = parsePrefix(words[i]!);
    if (!prefix.ok) return prefix;
    const via = parseAddress(words[i + 1] ?? '');
    if (!via.ok) return failure('value-invalid', `behind '${words[i]!}' a router's address is missing`);
    pairs.push([prefix.value, via.value]);
  }
  return success(pairs);
}
