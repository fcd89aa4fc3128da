import {
  defaultPrefix,
  ipv4,
  parseAddress,
  prefixOf,
  type Family,
  type Parsed,
  type Prefix,
  type Result,
} from '../../ip/index.ts';
import type { Route } from '../../model/index.ts';
import type { WordReader } from '../iproute2/words.ts';
import type { RouteParts } from '../route-parts.ts';
import { linesOf, routesOfLines, type Line } from '../route-lines.ts';
import { classfulLength } from './destination.ts';
import { gateway } from './gateway.ts';

const HEADS = /^\s*(Routing tables?|Internet6?:|Destination\s+Gateway)/;

/** Whether this looks like `netstat -rn` of macOS or a BSD. */
export const isNetstat = (text: string): boolean => /^\s*Destination\s+Gateway\s+Flags\s/m.test(text);

/**
 * The routes of `netstat -rn` of macOS, FreeBSD or OpenBSD. Entries of neighbours (flags W, L, or a link-layer address as
 * gateway), of other protocols, and routes of one socket's interface alone (`I`) are no routes of the table; those of the
 * system's own links (`link#5`) have the protocol `kernel`. Codes: those of addresses, `line-limited`.
 */
export function parseNetstat(text: string, source: string): Parsed<readonly Route[]> {
  let family: Family = 4;
  let columns: readonly string[] = [];
  return routesOfLines(linesOf(text, source), (reader, line) => {
    if (/^\s*Internet6?:/.test(line.text)) family = line.text.includes('6') ? 6 : 4;
    if (/^\s*Destination\s/.test(line.text)) columns = line.words.map((w) => w.text);
    if (HEADS.test(line.text) || line.words.length < 3) return null;
    return readRow(reader, line, family, columns);
  });
}

function readRow(reader: WordReader, line: Line, family: Family, columns: readonly string[]): RouteParts | null {
  const [target, way, flags] = line.words.map((w) => w.text) as [string, string, string];
  const isNeighbour = /[WL]/.test(flags) || /^([0-9a-f]{1,2}[:.]){5}/i.test(way);
  if (isNeighbour) return null;
  const prefix = reader.read(line.words[0]!, () => listedPrefix(target, family, flags));
  if (!prefix) return null;
  const dev = line.words[Math.max(columns.indexOf('Netif'), columns.indexOf('Iface'))]?.text;
  if (/I/.test(flags)) {
    reader.note('line-limited', `a route for sockets bound to ${dev ?? 'its interface'} alone is left out`, line.words[0]!.span, undefined, 'note'); // prettier-ignore
    return null;
  }
  if (/[RB]/.test(flags)) return { prefix, type: flags.includes('B') ? 'blackhole' : 'unreachable', hops: [] };
  if (!flags.includes('G')) return { prefix, hops: [{ dev }], protocol: 'kernel' };
  const hop = reader.read(line.words[1]!, gateway);
  if (!hop) return null;
  return { prefix, hops: [{ ...hop, dev: hop.dev ?? dev }] };
}

/** `10.67/16`, `192.168.120`, `default`, `fe80::%lo0/64`; without a length a network is as long as its class (netstat/route.c). */
function listedPrefix(text: string, family: Family, flags: string): Result<Prefix> {
  if (text === 'default') return { ok: true, value: defaultPrefix(family) };
  const [address = '', digits] = text.replace(/%[^/]*/, '').split('/');
  const full = parseAddress(address.includes(':') ? address : padded(address));
  if (!full.ok) return full;
  const whole = full.value.family === 6 ? 128 : 32;
  const own = flags.includes('H') || full.value.family === 6 || isFull(address) ? whole : classful(address);
  return { ok: true, value: prefixOf(full.value, Math.min(whole, digits === undefined ? own : Number(digits))) };
}

const padded = (text: string): string => [...text.split('.'), '0', '0', '0'].slice(0, 4).join('.');
const isFull = (text: string): boolean => text.split('.').length === 4;
const classful = (text: string): number => classfulLength(ipv4(Number(text.split('.')[0]) * 2 ** 24));
