import type { Family } from '../../../ip/index.ts';
import type { Statement, Value } from '../../../model/index.ts';
import { perOption, matchOption, type OptionReader, type Spec } from '../context.ts';
import { isOneOf, never, number, readNumber } from '../values.ts';

type TypeAndCode = readonly [type: number, code?: number];

/** The names of iptables' icmp match (extensions/libxt_icmp.h). */
const TYPES_4: Readonly<Record<string, TypeAndCode>> = {
  'echo-reply': [0],
  pong: [0],
  'destination-unreachable': [3],
  'network-unreachable': [3, 0],
  'host-unreachable': [3, 1],
  'protocol-unreachable': [3, 2],
  'port-unreachable': [3, 3],
  'fragmentation-needed': [3, 4],
  'source-route-failed': [3, 5],
  'network-unknown': [3, 6],
  'host-unknown': [3, 7],
  'network-prohibited': [3, 9],
  'host-prohibited': [3, 10],
  'tos-network-unreachable': [3, 11],
  'tos-host-unreachable': [3, 12],
  'communication-prohibited': [3, 13],
  'host-precedence-violation': [3, 14],
  'precedence-cutoff': [3, 15],
  'source-quench': [4],
  redirect: [5],
  'network-redirect': [5, 0],
  'host-redirect': [5, 1],
  'tos-network-redirect': [5, 2],
  'tos-host-redirect': [5, 3],
  'echo-request': [8],
  ping: [8],
  'router-advertisement': [9],
  'router-solicitation': [10],
  'time-exceeded': [11],
  'ttl-exceeded': [11],
  'ttl-zero-during-transit': [11, 0],
  'ttl-zero-during-reassembly': [11, 1],
  'parameter-problem': [12],
  'ip-header-bad': [12, 0],
  'required-option-missing': [12, 1],
  'timestamp-request': [13],
  'timestamp-reply': [14],
  'address-mask-request': [17],
  'address-mask-reply': [18],
};

const TYPES_6: Readonly<Record<string, TypeAndCode>> = {
  'destination-unreachable': [1],
  'no-route': [1, 0],
  'communication-prohibited': [1, 1],
  'beyond-scope': [1, 2],
  'address-unreachable': [1, 3],
  'port-unreachable': [1, 4],
  'failed-policy': [1, 5],
  'reject-route': [1, 6],
  'packet-too-big': [2],
  'time-exceeded': [3],
  'ttl-exceeded': [3],
  'ttl-zero-during-transit': [3, 0],
  'ttl-zero-during-reassembly': [3, 1],
  'parameter-problem': [4],
  'bad-header': [4, 0],
  'unknown-header-type': [4, 1],
  'unknown-option': [4, 2],
  'echo-request': [128],
  ping: [128],
  'echo-reply': [129],
  pong: [129],
  'router-solicitation': [133],
  'router-advertisement': [134],
  'neighbour-solicitation': [135],
  'neighbor-solicitation': [135],
  'neighbour-advertisement': [136],
  'neighbor-advertisement': [136],
  redirect: [137],
};

function readType(text: string, family: Family): TypeAndCode | 'any' | null {
  const names = family === 4 ? TYPES_4 : TYPES_6;
  const name = text.toLowerCase();
  if (family === 4 && (name === 'any' || name === '255')) return 'any';
  if (Object.hasOwn(names, name)) return names[name]!;
  const [first, second, more] = text.split('/');
  const type = readNumber(first, 255);
  const code = second === undefined ? undefined : readNumber(second, 255);
  if (type === null || code === null || more !== undefined) return null;
  return code === undefined ? [type] : [type, code];
}

const readIcmp: OptionReader<Statement> = ({ values, negated }, { family }) => {
  const read = values.length === 1 ? readType(values[0]!.text, family) : null;
  if (read === null) return 'invalid';
  if (read === 'any') return negated ? [never()] : [];
  const [type, code] = read;
  const name = family === 4 ? 'icmp' : 'icmpv6';
  const typeField: Value = { kind: 'field', field: `${name}.type` };
  if (code === undefined) return [{ kind: 'match', left: typeField, op: negated ? '!=' : '==', right: number(type) }];
  const parts = [type, code].map((n) => ({ kind: 'number', number: n }) as const);
  const both: Value = { kind: 'concat', parts: [typeField, { kind: 'field', field: `${name}.code` }] };
  return [isOneOf(both, [{ kind: 'concat', parts }], negated)];
};

const icmp = perOption({ 'icmp-type': readIcmp }, matchOption);

/** `-m icmp`, `-m icmp6`, and what `-p` loads for them. */
export const ICMP_MATCHES: Readonly<Record<string, Spec<Statement>>> = {
  icmp,
  icmp6: icmp,
  icmpv6: icmp,
  'ipv6-icmp': icmp,
};
