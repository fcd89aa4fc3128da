import { defaultPrefix, failure, formatPrefix, ipv4, parseAddress, parsePrefix, prefixOf, sameAddress, success, type Address, type Family, type Parsed, type Prefix, type Result } from '../../ip/index.ts'; // prettier-ignore
import type { Route } from '../../model/index.ts';
import { classfulLength } from '../bsd/destination.ts';
import { interfaceName, upTo } from '../iproute2/names.ts';
import type { Word, WordReader } from '../iproute2/words.ts';
import { netmaskLength } from '../netmask.ts';
import type { RouteParts } from '../route-parts.ts';
import { linesOf, routesOfLines, type Line } from '../route-lines.ts';

interface Draft {
  family: Family;
  force?: 'net' | 'host';
  target?: Word;
  length?: number;
  via?: Address;
  dev?: string;
  metric?: number;
  isReject: boolean;
}

/** The routes of `route add …` lines, or of what `route -n` and `netstat -rn` of Linux print. Source: route(8), net-tools 2.10. */
export function parseNetTools(text: string, source: string): Parsed<readonly Route[]> {
  const lines = linesOf(text, source);
  if (!/^\s*Destination\s+(Gateway|Next Hop)/m.test(text)) return routesOfLines(lines, readCommand);
  let family: Family = 4;
  return routesOfLines(lines, (reader, line) => {
    if (/^Kernel IPv6/.test(line.text)) family = 6;
    if (/^Kernel IP /.test(line.text)) family = 4;
    if (/^\s*(Kernel|Destination)\s/.test(line.text)) return null;
    return family === 4 ? readRow(reader, line) : readRow6(reader, line);
  });
}

function readCommand(reader: WordReader): RouteParts | null {
  const draft: Draft = { family: 4, isReject: false };
  if (!reader.take('sudo')) reader.take('#', '$');
  if (/(^|\/)route$/.test(reader.peek() ?? '')) reader.next();
  let hasVerb = false;
  for (let word = reader.next(); word; word = reader.next()) {
    if (word.text === 'add' && !hasVerb) hasVerb = true;
    else if (word.text === 'del' && !hasVerb) {
      reader.note('line-not-modelled', 'this takes a route away', word.span, 'write the routes that are there');
      return null;
    } else readWord(reader, draft, word);
  }
  return finish(reader, draft);
}

type ReadOption = (reader: WordReader, draft: Draft, key: Word) => void;

const readMetric: ReadOption = (reader, draft, key) => {
  const metric = reader.value(key, 'a number', upTo(0xffffffff));
  if (metric !== undefined) draft.metric = metric;
};
const readGateway: ReadOption = (reader, draft, key) => {
  const via = reader.value(key, 'an address', parseAddress);
  if (via) draft.via = via;
};
const readMask: ReadOption = (reader, draft, key) => {
  const length = reader.value(key, 'a netmask', netmaskLength);
  if (length !== undefined) draft.length = length;
};
const readDevice: ReadOption = (reader, draft, key) => {
  const dev = reader.value(key, 'an interface', interfaceName);
  if (dev !== undefined) draft.dev = dev;
};
const readLimited: ReadOption = (reader, _draft, key) => {
  reader.next();
  reader.note('line-limited', `'${key.text}' of a route is not modelled`, key.span, undefined, 'warning');
};

const OPTIONS: Readonly<Record<string, ReadOption>> = {
  '-net': (_r, draft) => void (draft.force = 'net'),
  '-host': (_r, draft) => void (draft.force = 'host'),
  '-A': (reader, draft) => void (draft.family = reader.next()?.text === 'inet6' ? 6 : 4),
  '-6': (_r, draft) => void (draft.family = 6),
  '--inet6': (_r, draft) => void (draft.family = 6),
  '-4': (_r, draft) => void (draft.family = 4),
  '--inet': (_r, draft) => void (draft.family = 4),
  '-n': () => undefined,
  '-v': () => undefined,
  gw: readGateway,
  gateway: readGateway,
  netmask: readMask,
  metric: readMetric,
  dev: readDevice,
  device: readDevice,
  mss: readLimited,
  window: readLimited,
  irtt: readLimited,
  reject: (_r, draft) => void (draft.isReject = true),
  mod: () => undefined,
  dyn: () => undefined,
  reinstate: () => undefined,
};

function readWord(reader: WordReader, draft: Draft, word: Word): void {
  const option = Object.hasOwn(OPTIONS, word.text) ? OPTIONS[word.text] : undefined;
  if (option) option(reader, draft, word);
  else if (!draft.target) draft.target = word;
  else if (draft.dev === undefined) {
    const dev = reader.read(word, interfaceName);
    if (dev !== undefined) draft.dev = dev;
  } else reader.note('key-unknown', `'${word.text.slice(0, 60)}' is no word of route`, word.span);
}

function finish(reader: WordReader, draft: Draft): RouteParts | null {
  if (!draft.target) {
    reader.note('key-missing', 'there is no destination', undefined, `such as -net 10.8.0.0/24 or 'default'`);
    return null;
  }
  const prefix = reader.read(draft.target, (text) =>
    draft.family === 6 ? destination6(text) : destination(text, draft),
  );
  if (!prefix) return null;
  const { via, dev, isReject } = draft;
  if (via && via.family !== prefix.address.family) reader.note('value-invalid', `an IPv${prefix.address.family} route with an IPv${via.family} gateway`); // prettier-ignore
  if (!via && dev === undefined && !isReject)
    reader.note(
      'key-missing',
      'nothing says where to send the packets',
      undefined,
      `add 'gw ADDRESS' or 'dev INTERFACE'`,
    );
  // rtentry's metric of an IPv6 route is 1 when nothing is said (lib/inet6_sr.c)
  const metric = draft.metric ?? (draft.family === 6 ? 1 : undefined);
  return { prefix, metric, type: isReject ? 'unreachable' : 'unicast', hops: isReject ? [] : [{ via, dev }] };
}

const destination6 = (text: string): Result<Prefix> =>
  text === 'default' ? success(defaultPrefix(6)) : parsePrefix(text);

/** Without -net a destination is one host, with -net and no mask as long as its class (lib/inet_sr.c). */
function destination(text: string, { force, length }: Draft): Result<Prefix> {
  if (text === 'default') return success(defaultPrefix(4));
  const [word = '', digits] = text.split('/');
  const address = parseAddress(word);
  if (!address.ok) return address;
  if (digits !== undefined && !/^([12]?\d|3[0-2])$/.test(digits))
    return failure('prefix-invalid', `'/${digits.slice(0, 20)}' is not a prefix length`, 'write a number from 0 to 32');
  const said = digits === undefined ? length : Number(digits);
  const prefix = prefixOf(address.value, said ?? (force === 'net' ? classfulLength(address.value) : 32));
  if (force !== 'net' && said !== undefined && said !== 32)
    return failure('value-invalid', 'a netmask makes no sense for a host', `write -net ${formatPrefix(prefix)}`);
  if (sameAddress(prefix.address, address.value)) return success(prefix);
  const classful = said === undefined ? ', as the netmask is not said and taken from its class' : '';
  const hint = said === undefined ? 'write the netmask or /LENGTH' : `the network is ${formatPrefix(prefix)}`;
  return failure('prefix-host-bits', `'${text}' has host bits set${classful}`, hint);
}

/** `10.67.0.0 192.168.120.254 255.255.0.0 UG 0 0 0 eth0` */
function readRow(reader: WordReader, { words }: Line): RouteParts | null {
  const [target, way, mask, flags, metric, , , dev] = words;
  if (!target || !way || !mask || !flags) return null;
  const address = target.text === 'default' ? ipv4(0) : reader.read(target, parseAddress);
  const length = reader.read(mask, netmaskLength);
  if (!address || length === undefined) return null;
  const prefix = prefixOf(address, length);
  const number = /^\d+$/.test(metric?.text ?? '') ? Number(metric!.text) : 0;
  if (flags.text.includes('!')) return { prefix, type: 'unreachable', metric: number, hops: [] };
  const via = flags.text.includes('G') ? reader.read(way, parseAddress) : undefined;
  return { prefix, metric: number, hops: [{ via, dev: dev?.text }], ...(via ? {} : { protocol: 'kernel' }) };
}

/** `2001:db8:67::/48 fe80::1 UG 1024 1 0 eth0` */
function readRow6(reader: WordReader, { words }: Line): RouteParts | null {
  const at = words.findIndex((w) => /^!?[A-Za-z!]*U[A-Za-z!]*$|^![nH]?$/.test(w.text));
  const [target, way] = words;
  const dev = words.at(-1)?.text;
  if (!target || !way || at < 1) return null;
  const text = target.text.replace(/^\[?default\]?$/, '::/0');
  const prefix = reader.read(target, () => parsePrefix(text));
  const flags = words[at]!.text;
  if (!prefix || /n/.test(flags) || prefix.address.w0 >>> 24 === 0xff) return null;
  const via = flags.includes('G') ? reader.read(way, parseAddress) : undefined;
  const metric = Number(words[at + 1]?.text);
  if (flags.includes('!')) return { prefix, type: 'unreachable', hops: [], metric };
  return { prefix, metric, hops: [{ via, dev }], ...(via ? {} : { protocol: 'kernel' }) };
}
