import { parseAddress, prefixOf, type Parsed, type Prefix } from '../../ip/index.ts';
import type { Route } from '../../model/index.ts';
import type { WordReader } from '../iproute2/words.ts';
import { joinHops } from '../route-hops.ts';
import { linesOf, routesOfLines, type Line } from '../route-lines.ts';
import type { RouteParts } from '../route-parts.ts';

/** Whether this looks like `show ip route` of IOS, or of FRR, which prints much the same. */
export const isShowIpRoute = (text: string): boolean =>
  /^\s*[A-Z]\*?>?\*?\s*(\w\w\s+)?[\d.:a-f]+(\/\d+)?\s+(\[\d+\/\d+\]\s+via\s|is directly connected)/m.test(text);

/**
 * The routes of `show ip route`. Connected and local ones have the protocol `kernel`; a heading `… is subnetted` gives its
 * entries their length; lines that only name another next hop belong to the route above.
 */
export function parseShowIpRoute(text: string, source: string): Parsed<readonly Route[]> {
  let subnetted: number | undefined;
  let last: RouteParts | undefined;
  const read = routesOfLines(linesOf(text, source, /^\s*(Codes|Gateway of last resort)/), (reader, line) => {
    const heading = /\/(\d+)\s+is (variably )?subnetted/.exec(line.text);
    if (heading) subnetted = heading[2] === undefined ? Number(heading[1]) : undefined;
    const row = heading ? null : readRow(reader, line, subnetted, last);
    if (row) last = row;
    return row;
  });
  return { ...read, value: joinHops(read.value) };
}

const ROW = /^\s*([A-Z])\*?>?\*?\s*(?:\w\w\s+)?([\d.]+|[\da-f:]*:[\da-f:]*)(?:\/(\d+))?\s+(.*)$/i;

function readRow(
  reader: WordReader,
  line: Line,
  subnetted: number | undefined,
  last: RouteParts | undefined,
): RouteParts | null {
  // prettier-ignore
  const row = ROW.exec(line.text);
  const rest = row?.[4] ?? line.text;
  const [, distance, metric] = /\[(\d+)\/(\d+)\]/.exec(rest) ?? [];
  const isConnected = /is directly connected/.test(rest);
  const again = distance === undefined && last?.hops?.some((h) => h.via) && /^\s+\*?\s*via\s/.test(line.text);
  if (distance === undefined && !isConnected && !again) return null;
  const address = row && parseAddress(row[2]!);
  if (address && !address.ok) {
    reader.note(address.code, address.message, undefined, address.hint);
    return null;
  }
  const length = row?.[3] === undefined ? (subnetted ?? (row?.[2]?.includes(':') ? 128 : 32)) : Number(row[3]);
  const prefix = address
    ? prefixOf(address.value, Math.min(length, address.value.family === 4 ? 32 : 128))
    : last?.prefix;
  if (!prefix) return null;
  const dev = /,\s*([A-Za-z][\w/.:-]*)\s*(,.*)?$/.exec(rest)?.[1];
  if (isConnected) return connected(row?.[1] ?? '', prefix, dev);
  const via = parseAddress(/via\s+([^\s,]+)/.exec(rest)?.[1] ?? '');
  // a distance of 1 is what every static route has
  const number = again ? last?.metric : Number(distance) === 1 && metric === '0' ? undefined : Number(distance);
  return via.ok ? { prefix, metric: number, hops: [{ via: via.value, dev }] } : null;
}

/** A static route out of an interface is listed as connected too. */
function connected(code: string, prefix: Prefix, dev: string | undefined): RouteParts {
  if (dev !== undefined && /^Null0$/i.test(dev)) return { prefix, type: 'unreachable', hops: [] };
  return { prefix, hops: [{ dev }], ...(code === 'S' ? {} : { protocol: 'kernel' }) };
}
