import { failure, parseAddress, parsePrefix, success, type Result } from '../../ip/index.ts';
import { routeScope, routeType, upTo } from '../iproute2/names.ts';
import { isRefusal } from '../reject-kinds.ts';
import type { RouteParts } from '../route-parts.ts';

/** Attributes of a route that are read; others change nothing here (nm-settings-nmcli(5)). */
const ATTRIBUTES = ['type', 'onlink', 'src', 'table', 'tos', 'mtu', 'scope'];

/** What stands behind the destination of a route of NetworkManager: next hop, metric, attributes. */
export function routeValue([target = '', ...words]: readonly string[], dev: string | undefined): Result<RouteParts> {
  const prefix = parsePrefix(target);
  if (!prefix.ok) return prefix;
  const attributes = words.filter((w) => w.includes('='));
  const plain = words.filter((w) => !w.includes('=') && w !== '');
  const parts = attributesOf(attributes);
  if (!parts.ok) return parts;
  const way = plain.find((w) => /[.:]/.test(w));
  const via = way === undefined || way === '0.0.0.0' || way === '::' ? undefined : parseAddress(way);
  if (via && !via.ok) return via;
  const number = plain.find((w) => !/[.:]/.test(w));
  const metric = number === undefined ? undefined : upTo(0xffffffff)(number);
  if (metric && !metric.ok) return metric;
  const type = parts.value.type ?? 'unicast';
  const hops = isRefusal(type) ? [] : [{ via: via?.value, dev, onlink: parts.value.onlink }];
  return success({ ...parts.value, prefix: prefix.value, metric: metric?.value, hops });
}

type Attributes = Partial<Omit<RouteParts, 'prefix' | 'hops'>> & { onlink?: boolean };

function attributesOf(words: readonly string[]): Result<Attributes> {
  let parts: Attributes = {};
  for (const word of words) {
    const [key = '', value = ''] = word.split(/=(.*)/);
    if (!ATTRIBUTES.includes(key)) continue;
    const read = attribute(key, value);
    if (!read.ok) return read;
    parts = { ...parts, ...read.value };
  }
  return success(parts);
}

function attribute(key: string, value: string): Result<Attributes> {
  if (key === 'onlink') return success({ onlink: value === 'true' || value === '1' });
  if (key === 'type') {
    const type = routeType(value);
    return type ? success({ type }) : failure('value-invalid', `'${value.slice(0, 60)}' is not a type of routes`);
  }
  if (key === 'src') return named('source', parseAddress(value));
  if (key === 'scope') return named('scope', routeScope(value));
  return named(key, upTo(0xffffffff)(value));
}

const named = <T>(key: string, read: Result<T>): Result<Attributes> =>
  read.ok ? success({ [key]: read.value }) : read;
