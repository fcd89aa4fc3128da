import type { MetaKey, NatTarget, Statement, TableFamily, Value } from '../../model/index.ts';

/** What a packet must be for a statement to work on it. */
interface Needs {
  readonly nfproto?: number;
  readonly l4proto?: number;
}

const FAMILY: Readonly<Record<string, number>> = { ip: 2, icmp: 2, ip6: 10, icmpv6: 10 };
const PROTOCOL: Readonly<Record<string, number>> = { tcp: 6, udp: 17, icmp: 1, icmpv6: 58 };

/**
 * nft hides conditions that follow from another part of the rule: `reject with icmp …` in an `inet` table is for IPv4
 * alone, `dnat ip to …` and `ip dscp set …` too. They are put back as matches, before the statement they belong to,
 * unless the rule names them already; a second naming of the same family is left out.
 */
export function pinFamilies(statements: readonly Statement[], family: TableFamily): readonly Statement[] {
  const isKnown = family === 'ip' || family === 'ip6';
  const result: Statement[] = [];
  for (const statement of statements) {
    const named = namedFamily(statement);
    if (named !== undefined && (family === (named === 2 ? 'ip' : 'ip6') || isPinned(result, 'nfproto', named)))
      continue;
    const needs = needsOf(statement);
    if (needs.nfproto !== undefined && !isKnown && !isPinned(result, 'nfproto', needs.nfproto))
      result.push(pin('nfproto', needs.nfproto));
    if (needs.l4proto !== undefined && !isPinned(result, 'l4proto', needs.l4proto))
      result.push(pin('l4proto', needs.l4proto));
    result.push(statement);
  }
  return result;
}

const pin = (key: MetaKey, number: number): Statement => ({
  kind: 'match',
  left: { kind: 'meta', key },
  op: '==',
  right: { kind: 'number', number },
});

function namedFamily(s: Statement): number | undefined {
  const isName = s.kind === 'match' && s.left.kind === 'meta' && s.left.key === 'nfproto' && s.op === '==';
  return isName && s.right.kind === 'number' && (s.right.number === 2 || s.right.number === 10)
    ? s.right.number
    : undefined;
}

function needsOf(s: Statement): Needs {
  switch (s.kind) {
    case 'reject':
      return s.with.kind === 'icmp' ? { nfproto: s.with.type === 3 ? 2 : 10 } : {};
    case 'set-field':
      return fieldNeeds(s.field);
    case 'snat':
    case 'dnat':
      return natNeeds(s.to);
    case 'match':
      return s.left.kind === 'ct' && s.right.kind === 'address'
        ? { nfproto: s.right.address.family === 4 ? 2 : 10 }
        : {};
    default:
      return {};
  }
}

/** A header field can only be read or written where the header is. */
function fieldNeeds(field: string): Needs {
  const [header = ''] = field.split('.');
  const [nfproto, l4proto] = [FAMILY[header], PROTOCOL[header]];
  return { ...(nfproto === undefined ? {} : { nfproto }), ...(l4proto === undefined ? {} : { l4proto }) };
}

function natNeeds(to: NatTarget): Needs {
  const family = (
    to.netmap?.address ??
    to.addressRange?.from ??
    (to.address?.kind === 'address' ? to.address.address : undefined)
  )?.family;
  return family === undefined ? {} : { nfproto: family === 4 ? 2 : 10 };
}

const isPinned = (before: readonly Statement[], key: 'nfproto' | 'l4proto', number: number): boolean =>
  before.some((s) => {
    if (s.kind === 'member') return readsHeader(s.left, key, number);
    if (s.kind !== 'match') return false;
    const same =
      s.left.kind === 'meta' &&
      s.left.key === key &&
      s.op === '==' &&
      s.right.kind === 'number' &&
      s.right.number === number;
    return same || readsHeader(s.left, key, number);
  });

function readsHeader(value: Value, key: 'nfproto' | 'l4proto', number: number): boolean {
  if (value.kind === 'field') return fieldNeeds(value.field)[key] === number;
  if (value.kind === 'binary') return readsHeader(value.left, key, number);
  if (value.kind === 'masked-address') return readsHeader(value.of, key, number);
  return value.kind === 'concat' && value.parts.some((p) => readsHeader(p, key, number));
}
