import { failure, formatPrefix, isUnspecified, parseAddress, parsePrefix, prefixOf, sameAddress, success, type Parsed, type Prefix, type Result } from '../../ip/index.ts'; // prettier-ignore
import type { Route } from '../../model/index.ts';
import { gateway } from '../bsd/gateway.ts';
import { upTo } from '../iproute2/names.ts';
import type { Word, WordReader } from '../iproute2/words.ts';
import { netmaskLength } from '../netmask.ts';
import type { HopParts, RouteParts } from '../route-parts.ts';
import { linesOf, routesOfLines } from '../route-lines.ts';
import { parseRoutePrint } from './parse-route-print.ts';

/** The routes of `route ADD …` lines of Windows, or of its `route print`. Source: route /?, Microsoft Learn. */
export function parseWindowsRoute(text: string, source: string): Parsed<readonly Route[]> {
  if (!/\badd\s/i.test(text)) return parseRoutePrint(text, source);
  return routesOfLines(linesOf(text, source, /^\s*(rem\s|::|#)/i), readCommand);
}

function readCommand(reader: WordReader): RouteParts | null {
  const free: Word[] = [];
  let [mask, metric, index]: (number | undefined)[] = [];
  for (let word = reader.next(); word; word = reader.next()) {
    const key = word.text.toUpperCase();
    if (key === 'MASK') mask = reader.value(word, 'a netmask', netmaskLength);
    else if (key === 'METRIC') metric = reader.value(word, 'a number', upTo(9999));
    else if (key === 'IF') index = reader.value(word, 'the number of an interface', upTo(0xffffff));
    else if (/^(.*\\|.*\/)?ROUTE(\.EXE)?$|^-[P46F]$|^C:.*>$|^>$/.test(key)) continue;
    else if (key === 'DELETE' || key === 'CHANGE') {
      reader.note('line-not-modelled', 'this adds no route', word.span, 'write the routes that are there');
      return null;
    } else if (key !== 'ADD') free.push(word);
  }
  const [target, way, extra] = free;
  if (extra) reader.note('key-unknown', `'${extra.text.slice(0, 60)}' is no word of route`, extra.span);
  if (!target || !way) reader.note('key-missing', 'route ADD needs a destination and a gateway', target?.span, 'such as 10.8.0.0 MASK 255.255.255.0 10.5.5.5'); // prettier-ignore
  const prefix = target && reader.read(target, (text) => destination(text, mask));
  const hop = way && reader.read(way, gateway);
  if (!prefix || !hop) return null;
  if (hop.via!.family !== prefix.address.family) reader.note('value-invalid', `an IPv${prefix.address.family} route with an IPv${hop.via!.family} gateway`, way.span); // prettier-ignore
  return { prefix, metric, hops: [hopOf(hop, index)] };
}

/** The gateway 0.0.0.0 or :: is a route on the link itself. */
function hopOf({ via, dev }: HopParts, index: number | undefined): HopParts {
  const name = index === undefined ? dev : String(index);
  return via && isUnspecified(via) ? { dev: name } : { via, dev: name };
}

/** Without a mask a destination is one host. Windows refuses host bits with code 87. */
function destination(text: string, mask: number | undefined): Result<Prefix> {
  if (text.includes(':') || text.includes('/')) return parsePrefix(text);
  const address = parseAddress(text);
  if (!address.ok) return address;
  const isDefault = mask === undefined && isUnspecified(address.value);
  const prefix = prefixOf(address.value, isDefault ? 0 : (mask ?? 32));
  if (sameAddress(prefix.address, address.value)) return success(prefix);
  return failure('prefix-host-bits', `'${text}' has host bits set`, `the network is ${formatPrefix(prefix)}`);
}
