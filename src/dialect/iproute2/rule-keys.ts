import {
  failure,
  nearestHint,
  parseAddressWithLength,
  prefixOf,
  success,
  type MaskedMark,
  type NumberRange,
  type Prefix,
  type Result,
} from '../../ip/index.ts';
import {
  clip,
  interfaceName,
  ipProtocol,
  tableNumber,
  tableNumberOrStandIn,
  tosNumber,
  upTo,
  wholeNumber,
} from './names.ts';
import type { RuleDraft } from './rule-draft.ts';
import type { Word, WordReader } from './words.ts';

/** Reads the `100:` that a listing begins with. */
export function readPriority(reader: WordReader, draft: RuleDraft): void {
  const priority = /^(\d{1,10}):$/.exec(reader.peek() ?? '')?.[1];
  if (priority === undefined) return;
  const number = reader.read(reader.next()!, () => wholeNumber(priority, 0xffffffff));
  if (number !== undefined) draft.priority = number;
}

/** A selector's block; host bits are dropped, as the kernel compares under the mask. Undefined for `all`. */
export function selectorPrefix(text: string): Result<Prefix | undefined> {
  if (text === 'all' || text === 'any' || text === 'default') return success(undefined);
  const read = parseAddressWithLength(text);
  return read.ok ? success(prefixOf(read.value.address, read.value.length)) : read;
}

/** `0x1`, `1` or `0x1/0xff`. */
export function maskedMark(text: string): Result<MaskedMark> {
  const [value, mask, rest] = text.split('/');
  const number = wholeNumber(value ?? '', 0xffffffff);
  const bits = wholeNumber(mask ?? '0xffffffff', 0xffffffff);
  if (number.ok && bits.ok && rest === undefined) return success({ value: number.value, mask: bits.value });
  return failure(
    'mark-invalid',
    `'${clip(text)}' is not a mark`,
    'write a number such as 0x1, or 0x1/0xff with a mask',
  );
}

/** `22` or `1000-2000`, up to `max`. */
export function numberRange(text: string, max: number): Result<NumberRange> {
  const [first = '', last = first, rest] = text.split('-');
  const from = wholeNumber(first, max);
  const to = wholeNumber(last, max);
  if (from.ok && to.ok && rest === undefined && from.value <= to.value)
    return success({ from: from.value, to: to.value });
  const code = max === 0xffff ? 'port-invalid' : 'value-invalid';
  return failure(code, `'${clip(text)}' is not a range`, `write a number from 0 to ${max}, or two as 1000-2000`);
}

type ReadWord = (reader: WordReader, draft: RuleDraft, key: Word) => void;

const ports = (text: string): Result<NumberRange> => numberRange(text, 0xffff);

/** A reader of one value that is stored under `name`. */
function store<K extends keyof RuleDraft>(
  name: K,
  what: string,
  parse: (text: string) => Result<RuleDraft[K]>,
): ReadWord {
  return (reader, draft, key) => {
    const value = reader.value(key, what, parse);
    if (value !== undefined) draft[name] = value;
  };
}

const priority = store('priority', 'a number', upTo(0xffffffff));
const tos = store('tos', 'a TOS', tosNumber);
/** iproute2 compares prefix lengths with it; the kernel takes 32 bits. */
const suppress = store('suppressPrefixLength', 'a prefix length', upTo(128));

const table: ReadWord = (reader, draft, key) => {
  if (reader.take('[l3mdev-table]')) {
    l3mdev(reader, draft, key);
    return;
  }
  const listed = (word: string): Result<number> => success(tableNumberOrStandIn(word));
  const number = reader.value(key, 'a table', draft.mode === 'typed' ? tableNumber : listed);
  if (number !== undefined) draft.table = number;
};

const l3mdev: ReadWord = (reader, draft, key) => {
  draft.action = { kind: 'nop' };
  unmodelled(reader, draft, key, 'l3mdev');
};

const goTo: ReadWord = (reader, draft, key) => {
  const target = reader.value(key, 'a priority', upTo(0xffffffff));
  if (target !== undefined) draft.action = { kind: 'goto', priority: target };
};

const act =
  (kind: 'nop' | 'unreachable' | 'prohibit' | 'blackhole'): ReadWord =>
  (_reader, draft) =>
    void (draft.action = { kind });

const skip =
  (words: number): ReadWord =>
  (reader) => {
    for (let i = 0; i < words; i++) reader.next();
  };

const KEYS: Readonly<Record<string, ReadWord>> = {
  not: (_reader, draft) => void (draft.not = true),
  from: store('from', 'a prefix', selectorPrefix),
  to: store('to', 'a prefix', selectorPrefix),
  iif: store('iif', 'an interface', interfaceName),
  dev: store('iif', 'an interface', interfaceName),
  oif: store('oif', 'an interface', interfaceName),
  fwmark: store('mark', 'a mark', maskedMark),
  tos,
  dsfield: tos,
  ipproto: store('protocol', 'an IP protocol', ipProtocol),
  sport: store('sport', 'a port', ports),
  dport: store('dport', 'a port', ports),
  uidrange: store('uid', 'a range', (text) => numberRange(text, 0xffffffff)),
  priority,
  pref: priority,
  preference: priority,
  order: priority,
  lookup: table,
  table,
  suppress_prefixlength: suppress,
  sup_pl: suppress,
  goto: goTo,
  nop: act('nop'),
  unreachable: act('unreachable'),
  prohibit: act('prohibit'),
  blackhole: act('blackhole'),
  l3mdev,
  // who made it, accounting, and remarks of the listing: they decide nothing
  proto: skip(1),
  protocol: skip(1),
  realms: skip(1),
  '[detached]': skip(0),
  '[unresolved]': skip(0),
};

/** Selectors whose meaning is known and not modelled, with one word behind them. */
const NOT_MODELLED = ['tun_id', 'suppress_ifgroup', 'sup_group', 'dscp', 'flowlabel'];

/** Reads one key word and what belongs to it. */
export function readRuleWord(reader: WordReader, draft: RuleDraft, key: Word): void {
  if (Object.hasOwn(KEYS, key.text)) {
    KEYS[key.text]!(reader, draft, key);
    return;
  }
  const known = NOT_MODELLED.includes(key.text);
  if (!known && draft.mode === 'typed') {
    reader.note(
      'key-unknown',
      `'${clip(key.text)}' is no word of a rule`,
      key.span,
      nearestHint(key.text, Object.keys(KEYS)),
    );
    while (reader.peek() !== undefined && !Object.hasOwn(KEYS, reader.peek()!)) reader.next();
    return;
  }
  const value = known || !Object.hasOwn(KEYS, reader.peek() ?? '') ? reader.next()?.text : undefined;
  unmodelled(reader, draft, key, value === undefined ? key.text : `${key.text} ${value}`);
}

function unmodelled(reader: WordReader, draft: RuleDraft, key: Word, text: string): void {
  draft.unmodelled.push(text);
  reader.note(
    'line-limited',
    `'${clip(text)}' is not modelled: this rule is uncertain`,
    key.span,
    undefined,
    'warning',
  );
}
