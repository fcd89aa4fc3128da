import { formatAddress, formatPrefix, type Family } from '../../ip/index.ts';
import type { Route, RouteType } from '../../model/index.ts';
import { upTo } from '../iproute2/names.ts';
import type { Word, WordReader } from '../iproute2/words.ts';
import { netmaskLength } from '../netmask.ts';
import { isLinkLocal6 } from '../persist.ts';
import type { HopParts, RouteParts } from '../route-parts.ts';
import { destination, type DestinationForm } from './destination.ts';
import { gateway } from './gateway.ts';

/** Modifiers of route(8) that change nothing here; the number says how many words follow them. */
const IGNORED: ReadonlyMap<string, number> = new Map([
  ...['-n', '-q', '-v', '-t', '-d', '-static', '-nostatic', '-proto1', '-proto2', '-proto3', '-xns', '-cloning'].map((w) => [w, 0] as const), // prettier-ignore
  ...['-link', '-mpath', '-lock', '-lockrest', '-genmask', '-sticky', '-S'].map((w) => [w, 0] as const),
  ...['-expire', '-hopcount', '-recvpipe', '-sendpipe', '-ssthresh', '-rtt', '-rttvar', '-label', '-ifp', '-weight'].map((w) => [w, 1] as const), // prettier-ignore
]);

interface Draft {
  force?: 'net' | 'host';
  family?: Family;
  length?: number;
  type: RouteType;
  isDevice: boolean;
  scopedTo?: string;
  mtu?: number;
  table?: number;
  metric?: number;
  readonly free: Word[];
}

type ReadOption = (reader: WordReader, draft: Draft, key: Word) => void;

const numbered =
  (field: 'mtu' | 'table' | 'metric', what: string): ReadOption =>
  (reader, draft, key) => {
    const value = reader.value(key, what, upTo(0xffffffff));
    if (value !== undefined) draft[field] = value;
  };

const OPTIONS: Readonly<Record<string, ReadOption>> = {
  '-net': (_r, draft) => void (draft.force = 'net'),
  '-host': (_r, draft) => void (draft.force = 'host'),
  '-inet': (_r, draft) => void (draft.family = 4),
  '-4': (_r, draft) => void (draft.family = 4),
  '-inet6': (_r, draft) => void (draft.family = 6),
  '-6': (_r, draft) => void (draft.family = 6),
  '-reject': (_r, draft) => void (draft.type = 'unreachable'),
  '-blackhole': (_r, draft) => void (draft.type = 'blackhole'),
  '-interface': (_r, draft) => void (draft.isDevice = true),
  '-iface': (_r, draft) => void (draft.isDevice = true),
  '-mtu': numbered('mtu', 'a number'),
  '-fib': numbered('table', 'a number'),
  '-T': numbered('table', 'a number'),
  '-priority': numbered('metric', 'a number'),
  '-netmask': (reader, draft, key) => setLength(draft, reader.value(key, 'a netmask', netmaskLength)),
  '-prefixlen': (reader, draft, key) => setLength(draft, reader.value(key, 'a number', upTo(128))),
  '-ifscope': (reader, draft, key) => {
    const scope = reader.next()?.text;
    if (scope !== undefined) draft.scopedTo = scope;
    reader.note('line-limited', 'a scoped route serves only sockets that are bound to its interface', key.span, undefined, 'warning'); // prettier-ignore
  },
};

function setLength(draft: Draft, length: number | undefined): void {
  if (length !== undefined) draft.length = length;
}

/** Reads `[sudo] route [-n] add …` of macOS and the BSDs; null when it makes no route, and why is noted. */
export function readCommand(reader: WordReader): RouteParts | null {
  if (!reader.take('sudo', 'doas')) reader.take('#', '$');
  while (/(^|\/)(route|setfib)$/.test(reader.peek() ?? '')) reader.next();
  return readArguments(reader, true);
}

/** Reads what stands behind `route`, or with `verb` false behind `add`, as in rc.conf. */
export function readArguments(reader: WordReader, verb: boolean): RouteParts | null {
  const draft: Draft = { type: 'unicast', isDevice: false, free: [] };
  for (let word = reader.next(); word; word = reader.next()) readWord(reader, draft, word);
  if (verb && !takeVerb(reader, draft)) return null;
  return finish(reader, draft);
}

function readWord(reader: WordReader, draft: Draft, word: Word): void {
  const option = Object.hasOwn(OPTIONS, word.text) ? OPTIONS[word.text] : undefined;
  const follows = IGNORED.get(word.text);
  if (option) option(reader, draft, word);
  else if (follows !== undefined) for (let i = 0; i < follows; i++) reader.next();
  else if (word.text.startsWith('-') && !/^-\d/.test(word.text))
    reader.note('key-unknown', `'${word.text.slice(0, 60)}' is no word of route`, word.span);
  else draft.free.push(word);
}

function takeVerb(reader: WordReader, draft: Draft): boolean {
  const verb = draft.free.shift();
  if (verb?.text === 'add' || verb?.text === 'change') return true;
  const takes = verb?.text === 'delete' || verb?.text === 'del' || verb?.text === 'flush';
  if (verb && takes)
    reader.note('line-not-modelled', 'this takes a route away', verb.span, 'write the routes that are there'); // prettier-ignore
  else reader.note('key-unknown', `behind 'route' comes 'add'`, verb?.span);
  return false;
}

function finish(reader: WordReader, draft: Draft): RouteParts | null {
  const [target, way, mask] = draft.free;
  if (mask) setLength(draft, reader.read(mask, netmaskLength));
  if (!target) {
    reader.note('key-missing', 'there is no destination', undefined, `such as -net 10.8.0.0/24 or 'default'`);
    return null;
  }
  const prefix = reader.read(target, (text) => destination(text, formOf(draft, way)));
  if (!way)
    reader.note('key-missing', 'there is no gateway behind the destination', target.span, 'such as 192.168.1.1');
  const hop = way && hopOf(reader, draft, way);
  if (!prefix || !hop) return null;
  if (hop.via && hop.via.family !== prefix.address.family) {
    reader.note('value-invalid', `an IPv${prefix.address.family} route with an IPv${hop.via.family} gateway`, way.span);
    return null;
  }
  const { type, mtu, table, metric } = draft;
  return { prefix, type, mtu, table, metric, hops: type === 'unicast' ? [hop] : [] };
}

const formOf = ({ force, family, length }: Draft, way: Word | undefined): DestinationForm => ({
  force,
  family: family ?? (way?.text.includes(':') ? 6 : undefined),
  length,
});

function hopOf(reader: WordReader, draft: Draft, way: Word): HopParts | undefined {
  if (draft.isDevice) return { dev: way.text };
  const hop = reader.read(way, gateway);
  return hop && draft.scopedTo !== undefined ? { ...hop, dev: draft.scopedTo } : hop;
}

/** `-net 10.67.0.0/16 192.168.120.254`, the words behind `add`. */
export function addWords(route: Route): readonly string[] {
  const { family } = route.prefix.address;
  const { length } = route.prefix;
  const host = length === (family === 4 ? 32 : 128);
  const target = length === 0 ? 'default' : host ? formatAddress(route.prefix.address) : formatPrefix(route.prefix);
  return [
    ...(family === 6 ? ['-inet6'] : length === 0 ? [] : [host ? '-host' : '-net']),
    ...(family === 6 && host ? ['-host'] : []),
    target,
    ...wayWords(route, family),
    ...(route.mtu === undefined ? [] : ['-mtu', String(route.mtu)]),
  ];
}

/** A route that refuses needs a gateway word all the same. */
function wayWords({ type, nexthops }: Route, family: Family): readonly string[] {
  const own = family === 4 ? '127.0.0.1' : '::1';
  if (type === 'unreachable') return [own, '-reject'];
  if (type === 'blackhole') return [own, '-blackhole'];
  const { via, dev } = nexthops[0]!;
  if (!via) return ['-interface', dev!];
  return [formatAddress(via) + (dev !== undefined && isLinkLocal6(via) ? `%${dev}` : '')];
}
