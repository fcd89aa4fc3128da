import { failure, nearestHint, parseAddress, parsePrefix, success, type Prefix, type Result } from '../../ip/index.ts';
import {
  clip,
  interfaceName,
  protocolName,
  routeScope,
  routeType,
  tableNumber,
  tableNumberOrStandIn,
  tosNumber,
  upTo,
  wholeNumber,
} from './names.ts';
import { emptyHop, type RouteDraft } from './route-draft.ts';
import type { Word, WordReader } from './words.ts';

/** Reads `[TYPE] PREFIX`, the beginning of every route. False when this is so little of a route that reading on makes no sense. */
export function readDestination(reader: WordReader, draft: RouteDraft): boolean {
  const type = routeType(reader.peek() ?? '');
  if (type && !/^\d/.test(reader.peek()!)) {
    draft.type = type;
    reader.next();
  }
  reader.take('to');
  const word = reader.next();
  if (!word) {
    reader.note('key-missing', 'a route begins with its destination', undefined, `such as 10.8.0.0/24 or 'default'`);
    return false;
  }
  const prefix = reader.read(word, destination);
  if (prefix !== undefined) draft.prefix = prefix;
  return prefix !== undefined || /^[\d.:/]+$/.test(word.text);
}

function destination(text: string): Result<Prefix | 'default'> {
  if (text === 'default' || text === 'any' || text === 'all') return success('default');
  const prefix = parsePrefix(text);
  if (prefix.ok || (prefix.hint !== undefined && prefix.code !== 'address-short')) return prefix;
  if (prefix.code !== 'address-short')
    return { ...prefix, hint: `a route begins with its destination, such as 10.8.0.0/24 or 'default'` };
  return { ...prefix, hint: `ip reads it as ${whatIpReads(text)}: write that` };
}

/** iproute2 fills missing numbers with 0; without a length the block is one address all the same (lib/utils.c). */
function whatIpReads(text: string): string {
  const [address = '', length = '32'] = text.split('/');
  const numbers = address.split('.');
  return `${[...numbers, '0', '0', '0'].slice(0, 4).join('.')}/${length}`;
}

type ReadWord = (reader: WordReader, draft: RouteDraft, key: Word) => void;

/** Words that change nothing here; the number says how many words follow them. */
const IGNORED: ReadonlyMap<string, number> = new Map([
  ['realm', 1],
  ['realms', 1],
  ['advmss', 1],
  ['window', 1],
  ['rtt', 1],
  ['rttvar', 1],
  ['ssthresh', 1],
  ['cwnd', 1],
  ['initcwnd', 1],
  ['initrwnd', 1],
  ['reordering', 1],
  ['hoplimit', 1],
  ['rto_min', 1],
  ['features', 1],
  ['quickack', 1],
  ['congctl', 1],
  ['fastopen_no_cookie', 1],
  ['expires', 1],
  ['error', 1],
  ['uid', 1],
  ['nhid', 1],
  ['ttl-propagate', 1],
  ['users', 1],
  ['age', 1],
  ['pervasive', 0],
  ['offload', 0],
  ['trap', 0],
  ['notify', 0],
  ['rt_offload', 0],
  ['rt_trap', 0],
  ['offload_failed', 0],
  ['unresolved', 0],
  ['cache', 0],
]);

const readVia: ReadWord = (reader, draft, key) => {
  const hop = draft.hops.at(-1)!;
  hop.familyNamed = reader.take('inet6', 'inet');
  const via = reader.value(key, 'an address', parseAddress);
  if (via) Object.assign(hop, { via, viaWord: reader.last });
};

const readMtu: ReadWord = (reader, draft, key) => {
  reader.take('lock');
  const mtu = reader.value(key, 'a number', upTo(0xffffffff));
  if (mtu !== undefined) draft.mtu = mtu;
};

const readTable: ReadWord = (reader, draft, key) => {
  const listed = (word: string): Result<number> => success(tableNumberOrStandIn(word));
  const table = reader.value(key, 'a table', draft.mode === 'typed' ? tableNumber : listed);
  if (table !== undefined) draft.table = table;
};

const readSource: ReadWord = (reader, draft, key) => {
  const source = reader.value(key, 'an address', parseAddress);
  if (source) Object.assign(draft, { source, sourceWord: reader.last });
};

const readMetric: ReadWord = (reader, draft, key) => {
  const metric = reader.value(key, 'a number', upTo(0xffffffff));
  if (metric !== undefined) draft.metric = metric;
};

const readTos: ReadWord = (reader, draft, key) => {
  draft.tos = reader.value(key, 'a TOS', tosNumber) ?? 0;
};

const KEYS: Readonly<Record<string, ReadWord>> = {
  via: readVia,
  mtu: readMtu,
  table: readTable,
  src: readSource,
  metric: readMetric,
  priority: readMetric,
  preference: readMetric,
  tos: readTos,
  dsfield: readTos,
  dev: (reader, draft, key) => {
    const dev = reader.value(key, 'an interface', interfaceName);
    if (dev !== undefined) draft.hops.at(-1)!.dev = dev;
  },
  oif: (reader, draft, key) => KEYS['dev']!(reader, draft, key),
  proto: (reader, draft, key) => {
    draft.protocol = reader.value(key, 'a name or number', protocolName) ?? 'boot';
  },
  protocol: (reader, draft, key) => KEYS['proto']!(reader, draft, key),
  scope: (reader, draft, key) => {
    draft.scope = reader.value(key, 'a scope', routeScope) ?? 'global';
  },
  pref: (reader, draft) => {
    reader.next();
    draft.family = 6;
  },
  nexthop: (_reader, draft) => void draft.hops.push(emptyHop()),
  weight: (reader, draft, key) => {
    draft.hops.at(-1)!.weight = reader.value(key, 'a number', weight) ?? 1;
  },
  onlink: (_reader, draft) => (draft.hops.at(-1)!.onlink = true),
  dead: (_reader, draft) => (draft.hops.at(-1)!.dead = true),
  linkdown: (_reader, draft) => (draft.hops.at(-1)!.linkdown = true),
};

/** A weight is stored in eight bits, less one. */
function weight(text: string): Result<number> {
  const number = wholeNumber(text, 256);
  return number.ok && number.value === 0 ? failure('value-invalid', 'a weight is at least 1') : number;
}

/** Words that make a route another one than the model can hold; and those without which it still holds. */
const NOT_MODELLED = new Set(['from', 'iif', 'mark']);
const LIMITED = new Set(['encap', 'as']);

/** Reads one key word and what belongs to it. */
export function readRouteWord(reader: WordReader, draft: RouteDraft, key: Word): void {
  if (Object.hasOwn(KEYS, key.text)) {
    KEYS[key.text]!(reader, draft, key);
    return;
  }
  const follows = IGNORED.get(key.text);
  if (follows !== undefined) {
    reader.take('lock');
    if (follows > 0) reader.next();
    return;
  }
  if (NOT_MODELLED.has(key.text) || LIMITED.has(key.text)) {
    const limited = LIMITED.has(key.text);
    const severity = limited || draft.mode === 'listed' ? 'warning' : 'error';
    const message = limited ? `'${key.text}' of a route is not modelled` : `routes with '${key.text}' are not modelled`;
    reader.note(limited ? 'line-limited' : 'line-not-modelled', message, key.span, undefined, severity);
    skipToKey(reader);
    return;
  }
  reader.note(
    'key-unknown',
    `'${clip(key.text)}' is no word of a route`,
    key.span,
    nearestHint(key.text, Object.keys(KEYS)),
  );
  skipToKey(reader);
}

function skipToKey(reader: WordReader): void {
  while (reader.peek() !== undefined && !Object.hasOwn(KEYS, reader.peek()!)) reader.next();
}
