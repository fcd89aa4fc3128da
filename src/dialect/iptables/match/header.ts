import type { Element, MatchOp, MetaKey, Statement, Value } from '../../../model/index.ts';
import { perOption, matchOption, type OptionReader, type Spec } from '../context.ts';
import { dscpNumber, TOS_NAMES } from '../names.ts';
import {
  isInRange,
  isMasked,
  isOneOf,
  number,
  readAddress,
  readMasked,
  readNumber,
  readRange,
  word,
} from '../values.ts';

const meta = (key: MetaKey): Value => ({ kind: 'meta', key });
const TTL: Value = { kind: 'field', field: 'ip.ttl' };
const DSCP: Value = { kind: 'field', field: 'ip.dscp' };
/** The whole TOS byte. Its two lowest bits, ECN, are not followed: 0. */
const TOS: Value = { kind: 'binary', op: '<<', left: DSCP, right: number(2) };

const ttlReader =
  (op: MatchOp): OptionReader<Statement> =>
  ({ values, negated }) => {
    const ttl = values.length === 1 ? readNumber(values[0]!.text, 255) : null;
    if (ttl === null || (negated && op !== '==')) return 'invalid';
    return [{ kind: 'match', left: TTL, op: negated ? '!=' : op, right: number(ttl) }];
  };

const readTos: OptionReader<Statement> = ({ values, negated }) => {
  const text = values[0]?.text;
  const named = TOS_NAMES.get(text?.toLowerCase() ?? '');
  const masked = named === undefined ? readMasked(text, 255) : { value: named, mask: 0x3f };
  if (!masked || values.length !== 1) return 'invalid';
  if (masked.value & 3) return 'unmodelled';
  return [isMasked(TOS, masked, negated)];
};

const readDscp: OptionReader<Statement> = ({ name, values, negated }) => {
  const text = values.length === 1 ? values[0]!.text : undefined;
  const dscp = name === 'dscp-class' ? dscpNumber(text ?? '') : readNumber(text, 63);
  return dscp === null ? 'invalid' : [{ kind: 'match', left: DSCP, op: negated ? '!=' : '==', right: number(dscp) }];
};

const readLength: OptionReader<Statement> = ({ values, negated }) => {
  const range = values.length === 1 ? readRange(values[0]!.text, 65535) : null;
  return range ? [isInRange(meta('length'), range, negated)] : 'invalid';
};

const PACKET_TYPES: ReadonlyMap<string, string> = new Map([
  ['unicast', 'host'], ['host', 'host'], ['broadcast', 'broadcast'], ['bcast', 'broadcast'], ['multicast', 'multicast'],
  ['mcast', 'multicast'], ['otherhost', 'other'],
]); // prettier-ignore

const readPacketType: OptionReader<Statement> = ({ values, negated }) => {
  const type = PACKET_TYPES.get(values[0]?.text.toLowerCase() ?? '');
  return type ? [{ kind: 'match', left: meta('pkttype'), op: negated ? '!=' : '==', right: word(type) }] : 'invalid';
};

const ownerReader =
  (key: 'skuid' | 'skgid'): OptionReader<Statement> =>
  ({ values, negated }) => {
    const text = values.length === 1 ? values[0]!.text : '';
    const range = text === 'root' ? { from: 0, to: 0 } : readRange(text, 0xffffffff, readNumber, '-');
    if (range) return [isInRange(meta(key), range, negated)];
    return /^[a-z_][a-z0-9_.-]*\$?$/i.test(text) ? 'unmodelled' : 'invalid';
  };

const rangeReader =
  (end: 'saddr' | 'daddr'): OptionReader<Statement> =>
  ({ values, negated }, { family }) => {
    const [first, last, more] = values.length === 1 ? values[0]!.text.split('-') : [];
    const from = readAddress(first, family);
    const to = readAddress(last ?? first, family);
    if (!from || !to || more !== undefined) return 'invalid';
    const key: Element = { kind: 'address-range', from, to };
    return [isOneOf({ kind: 'field', field: `${family === 4 ? 'ip' : 'ip6'}.${end}` }, [key], negated)];
  };

const markReader =
  (left: Value): OptionReader<Statement> =>
  ({ values, negated }) => {
    const masked = values.length === 1 ? readMasked(values[0]!.text) : null;
    if (!masked) return 'invalid';
    // a value with bits outside the mask is compared as it is: no packet has it, and one without a connection not even no mark
    return [isMasked(left, masked, negated)];
  };

const ttl = { 'ttl-eq': ttlReader('=='), 'ttl-lt': ttlReader('<'), 'ttl-gt': ttlReader('>') };
const hl = { 'hl-eq': ttlReader('=='), 'hl-lt': ttlReader('<'), 'hl-gt': ttlReader('>') };

/** Matches of single header fields, marks and lengths. */
export const HEADER_MATCHES: Readonly<Record<string, Spec<Statement>>> = {
  ttl: perOption(ttl, matchOption),
  hl: perOption(hl, matchOption),
  tos: perOption({ tos: readTos }, matchOption),
  dscp: perOption({ dscp: readDscp, 'dscp-class': readDscp }, matchOption),
  length: perOption({ length: readLength }, matchOption),
  pkttype: perOption({ 'pkt-type': readPacketType }, matchOption),
  iprange: perOption({ 'src-range': rangeReader('saddr'), 'dst-range': rangeReader('daddr') }, matchOption),
  mark: perOption({ mark: markReader(meta('mark')) }, matchOption),
  connmark: perOption({ mark: markReader({ kind: 'ct', key: 'mark' }) }, matchOption),
  owner: perOption(
    {
      'uid-owner': ownerReader('skuid'),
      'gid-owner': ownerReader('skgid'),
      'socket-exists': () => 'unmodelled',
      'suppl-groups': () => 'unmodelled',
    },
    matchOption,
  ),
};
