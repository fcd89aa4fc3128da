import { formatAddress, formatPrefix, type Family, type NumberRange } from '../../ip/index.ts';
import type { Chain, Element, FilterRule, NatTarget, RejectKind, Statement, Value } from '../../model/index.ts';
import { nameOfNumber, type KeyType } from './data-type.ts';
import {
  familyOfRef,
  formatElement,
  formatRef,
  formatValue,
  formatVerdict,
  oneLine,
  valueType,
  word,
} from './print-value.ts';

/**
 * The rule in nft's text syntax: `ip saddr 10.8.0.0/24 oifname "eth0" masquerade`. Loading it with nft and reading
 * the JSON back gives the same statements, in nft's own order of set members, where every statement is modelled.
 */
export function formatNftRule(rule: Pick<FilterRule, 'statements'>): string {
  // what a map by name leads to is not in the rule: then the rest of it says for which family it is
  const family: Family = rule.statements.some(isIpv6Only) ? 6 : 4;
  return rule.statements
    .map((s) => formatStatement(s, family))
    .filter((s) => s !== '')
    .join(' ');
}

/** A chain's head as nft writes it: `chain forward { type filter hook forward priority 0; policy drop; }`. */
export function formatNftChain(chain: Pick<Chain, 'name' | 'hook'>): string {
  const { hook } = chain;
  if (!hook) return `chain ${word(chain.name)}`;
  return `chain ${word(chain.name)} { type ${hook.type} hook ${hook.hook} priority ${hook.priority}; policy ${hook.policy}; }`;
}

const isIpv6Only = (s: Statement): boolean => {
  if (s.kind !== 'match' && s.kind !== 'member') return false;
  if (s.left.kind === 'field') return s.left.field.startsWith('ip6.') || s.left.field.startsWith('icmpv6.');
  return (
    s.kind === 'match' &&
    s.left.kind === 'meta' &&
    s.left.key === 'nfproto' &&
    s.right.kind === 'number' &&
    s.right.number === 10
  );
};

function formatStatement(s: Statement, family: Family): string {
  switch (s.kind) {
    case 'match':
      return formatMatch(s);
    case 'member':
      return formatMember(s);
    case 'verdict':
      return formatVerdict(s.verdict);
    case 'verdict-map':
      return `${formatValue(s.key, 'integer', familyOfRef(s.of))} vmap ${formatRef(s.of, valueType(s.key))}`;
    case 'reject':
      return `reject with ${formatReject(s.with)}`;
    case 'set-mark':
      return `${s.target} mark set ${formatValue(s.value, 'mark')}`;
    case 'set-field':
      return formatSetField(s);
    case 'snat':
    case 'dnat':
      return formatNat(s.kind, s.to, family);
    case 'masquerade':
    case 'redirect':
      return `${s.kind}${formatPorts(s, ' to ')}`;
    case 'notrack':
      return s.kind;
    case 'ignored':
    case 'limited':
    case 'unmodelled-match':
    case 'unmodelled-target':
      return oneLine(s.text);
  }
}

/** Types where nft takes a bare value for "has this flag" instead of "is". */
const FLAG_TYPES: readonly KeyType[] = ['tcp_flag'];

function formatMatch(s: Extract<Statement, { kind: 'match' }>): string {
  const type = valueType(s.left);
  const left = formatValue(s.left, 'integer', addressFamily(s.right));
  if (s.left.kind === 'fib' && s.left.result === 'present' && s.right.kind === 'number') {
    return `${left} ${(s.op === '==') === (s.right.number === 1) ? 'exists' : 'missing'}`;
  }
  const flags = flagTest(s);
  if (flags !== null) return flags;
  // `ct status != x` compares all bits; the model's `!=` on words is nft's `!`
  const op = type === 'ct_status' && s.op === '!=' ? '!' : s.op;
  const bare =
    op === '==' && !FLAG_TYPES.includes(type) && s.left.kind !== 'binary' && s.left.kind !== 'masked-address';
  return `${left} ${bare ? '' : `${op} `}${formatValue(s.right, type)}`;
}

/** `tcp flags syn,ack`: one of them is set; `tcp flags ! syn,ack`: none is. Null for any other match. */
function flagTest({ left, op, right }: Extract<Statement, { kind: 'match' }>): string | null {
  if (left.kind !== 'binary' || left.op !== '&' || left.right.kind !== 'number' || left.right.number === 0) return null;
  const isTest = valueType(left.left) === 'tcp_flag' && right.kind === 'number' && right.number === 0;
  if (!isTest || (op !== '==' && op !== '!=')) return null;
  const names = formatElement(left.right, 'tcp_flag').replace(/[()]/g, '').replaceAll('|', ',');
  return `${formatValue(left.left)} ${op === '==' ? '! ' : ''}${names}`;
}

const addressFamily = (value: Value): Family => (value.kind === 'address' ? value.address.family : 4);

function formatMember(s: Extract<Statement, { kind: 'member' }>): string {
  const type = valueType(s.left);
  const entries = s.of.kind === 'inline' ? s.of.entries : null;
  if (entries?.length === 0) return '';
  const left = formatValue(s.left, 'integer', familyOfRef(s.of));
  const words = entries && (type === 'ct_state' || type === 'ct_status');
  if (words && (type === 'ct_status' || !s.negated)) {
    return `${left} ${s.negated ? '! ' : ''}${entries.map((e) => formatElement(e.key, type)).join(',')}`;
  }
  const only =
    entries?.length === 1 && entries[0]!.key.kind !== 'concat' && entries[0]!.key.kind !== 'anything'
      ? entries[0]!.key
      : null;
  const of = only ? formatOne(only, type, s.left) : formatRef(s.of, type);
  return `${left} ${s.negated ? '!= ' : ''}${of}`;
}

function formatOne(element: Element, type: KeyType, left: Value): string {
  const text = formatElement(element, type);
  return left.kind === 'binary' ? `{ ${text} }` : text;
}

function formatReject(kind: RejectKind): string {
  if (kind.kind === 'tcp-reset') return 'tcp reset';
  if (kind.kind === 'icmpx') return `icmpx ${kind.reason}`;
  // type 3 is ICMP's destination unreachable, type 1 ICMPv6's
  if (kind.type === 3) return `icmp ${nameOfNumber('icmp_code', kind.code) ?? kind.code}`;
  return `icmpv6 ${nameOfNumber('icmpv6_code', kind.code) ?? kind.code}`;
}

function formatSetField(s: Extract<Statement, { kind: 'set-field' }>): string {
  const target: Value = { kind: 'field', field: s.field };
  return `${formatValue(target)} set ${formatValue(s.value, valueType(target))}`;
}

function formatNat(kind: 'snat' | 'dnat', to: NatTarget, usual: Family): string {
  const family = natFamily(to) ?? usual;
  const address = formatNatAddress(to);
  const ports = formatPorts(to, address === '' ? ' to ' : '');
  const head =
    address === '' ? kind : `${kind}${family === 6 ? ' ip6' : ' ip'}${to.netmap ? ' prefix' : ''} to ${address}`;
  return `${head}${ports}`;
}

function formatNatAddress(to: NatTarget): string {
  const hasPort = to.port !== undefined || to.portRange !== undefined;
  const one = (text: string): string => (hasPort && text.includes(':') ? `[${text}]` : text);
  if (to.addressAndPort) return formatValue(to.addressAndPort, ['address', 'inet_service']);
  if (to.netmap) return formatPrefix(to.netmap);
  if (to.addressRange) return `${one(formatAddress(to.addressRange.from))}-${one(formatAddress(to.addressRange.to))}`;
  if (to.address?.kind === 'address') return one(formatAddress(to.address.address));
  return to.address ? formatValue(to.address, 'address') : '';
}

function formatPorts(to: { readonly port?: Value; readonly portRange?: NumberRange }, before: string): string {
  if (to.portRange) return `${before}:${to.portRange.from}-${to.portRange.to}`;
  return to.port ? `${before}:${formatValue(to.port, 'inet_service')}` : '';
}

function natFamily(to: NatTarget): Family | undefined {
  const known = to.netmap?.address ?? to.addressRange?.from;
  return known?.family ?? familyOfTarget(to.addressAndPort ?? to.address);
}

function familyOfTarget(value: Value | undefined): Family | undefined {
  if (value?.kind === 'address') return value.address.family;
  if (value?.kind === 'concat') return value.parts.map(familyOfTarget).find((f) => f !== undefined);
  if (value?.kind !== 'lookup' || value.map.kind !== 'inline') return undefined;
  return value.map.entries.map((e) => familyOfTarget(e.value)).find((f) => f !== undefined);
}
