import {
  isLoopback,
  isMulticast,
  isUnspecified,
  parseAddress,
  prefixOf,
  type Parsed,
  type Prefix,
} from '../../ip/index.ts';
import type { Route } from '../../model/index.ts';
import type { WordReader } from '../iproute2/words.ts';
import { netmaskLength } from '../netmask.ts';
import type { RouteParts } from '../route-parts.ts';
import { linesOf, routesOfLines, type Line } from '../route-lines.ts';

/**
 * The routes of `route print`, in whatever language its headings are: IPv4 rows are known by their shape, IPv6 ones too,
 * with the gateway on the next line where it is long. Metrics are those of the route and its interface together.
 */
export function parseRoutePrint(text: string, source: string): Parsed<readonly Route[]> {
  const lines = joined(linesOf(text, source, /^\s*[=]+\s*$/));
  const seen = new Set<string>();
  const { value, diagnostics } = routesOfLines(lines, (reader, line) => readRow(reader, line));
  // persistent routes that are in use stand in both lists
  const own = value.filter((r) => {
    const key = JSON.stringify([r.prefix, r.nexthops.map((h) => h.via)]);
    return !seen.has(key) && seen.add(key);
  });
  return { value: own, diagnostics };
}

/** A long IPv6 destination has its gateway on the line below. */
function joined(lines: readonly Line[]): readonly Line[] {
  return lines.flatMap((line, i) => {
    const next = lines[i + 1];
    if (/^\s*\d+\s+\d+\s+\S*:\S*\/\d+\s*$/.test(line.text) && next?.words.length === 1)
      return [{ ...line, words: [...line.words, ...next.words] }];
    return line.words.length === 1 ? [] : [line];
  });
}

function readRow(reader: WordReader, { words }: Line): RouteParts | null {
  const texts = words.map((w) => w.text);
  if (/^\d+$/.test(texts[0] ?? '') && /:.*\/\d+$/.test(texts[2] ?? '')) return readRow6(texts);
  const [target = '', mask = '', way = ''] = texts;
  const address = parseAddress(target);
  const length = netmaskLength(mask);
  if (!address.ok || !length.ok || texts.length < 4) return null;
  const prefix = prefixOf(address.value, length.value);
  const via = parseAddress(way);
  const metric = Number(texts.at(-1));
  if (!/^\d+$/.test(texts.at(-1)!)) return via.ok ? { prefix, hops: [{ via: via.value }] } : null;
  // On-link, in the words of the system's language
  if (!via.ok) return isOwn(prefix) ? null : { prefix, metric, hops: [{ dev: texts.at(-2) }], protocol: 'kernel' }; // prettier-ignore
  reader.take(target);
  return { prefix, metric, hops: [{ via: via.value }] };
}

/** `12  281 ::/0  fe80::1`: index, metric, destination, gateway. */
function readRow6([index, metric, target = '', way]: readonly string[]): RouteParts | null {
  const [text = '', digits] = target.split('/');
  const address = parseAddress(text);
  if (!address.ok) return null;
  const prefix = prefixOf(address.value, Number(digits));
  const via = parseAddress((way ?? '').replace(/%.*/, ''));
  if (isOwn(prefix)) return null;
  if (!via.ok || isUnspecified(via.value)) return { prefix, metric: Number(metric), hops: [{ dev: index }], protocol: 'kernel' }; // prettier-ignore
  return { prefix, metric: Number(metric), hops: [{ via: via.value, dev: index }] };
}

const isOwn = ({ address }: Prefix): boolean => isLoopback(address) || isMulticast(address);
