import type { RejectKind, Statement } from '../../model/index.ts';
import { numberOfName } from './data-type.ts';
import { field, isObject, listOf, numberField, onlyMember, textField, type Json } from './json.ts';
import { plainText } from './plain-text.ts';
import { formatNftRule } from './print.ts';
import { formatValue, word } from './print-value.ts';
import { readFlags } from './read-element.ts';
import { NEVER, readMatch } from './read-match.ts';
import { readNat, readPortNat } from './read-nat.ts';
import { readMapData, readValue } from './read-value.ts';
import { readVerdict } from './read-verdict.ts';
import type { Scope } from './scope.ts';
import { countText, counterText, limitText, logText } from './statement-text.ts';

type Reader = (body: Json, scope: Scope) => readonly Statement[] | null;

const ignored = (text: string): readonly Statement[] => [{ kind: 'ignored', text }];

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['match', readMatch],
  ['vmap', readVerdictMap],
  ['mangle', readMangle],
  ['reject', readReject],
  ['snat', (body, scope) => readNat('snat', body, scope)],
  ['dnat', (body, scope) => readNat('dnat', body, scope)],
  ['masquerade', (body, scope) => readPortNat('masquerade', body, scope)],
  ['redirect', (body, scope) => readPortNat('redirect', body, scope)],
  ['notrack', () => [{ kind: 'notrack' }]],
  ['counter', (body) => ignored(counterText(body))],
  ['log', (body) => ignored(logText(body))],
  ['last', () => ignored('last')],
  ['limit', (body, scope) => limited(limitText(body), isOver(body, scope), scope)],
  ['ct count', (body, scope) => limited(countText(body), isOver(body, scope), scope)],
  ['meter', readMeter],
  ['flow', readFlow],
  ['set', readSetStatement],
  ['xt', readXt],
  // helpers and timeouts change what a connection is expected to do next, not where this packet goes
  ['ct helper', (body) => ignored(`ct helper set ${word(plainText(body))}`)],
  ['ct timeout', (body) => ignored(`ct timeout set ${word(plainText(body))}`)],
  ['ct expectation', (body) => ignored(`ct expectation set ${word(plainText(body))}`)],
]);

/** Statements that decide where a packet goes, by what they are rather than by what is in them. */
const CONDITIONS: ReadonlySet<string> = new Set(['match', 'quota', 'ct count', 'limit', 'meter', 'xt match']);
const TARGETS: ReadonlySet<string> = new Set([
  'vmap',
  'mangle',
  'reject',
  'snat',
  'dnat',
  'masquerade',
  'redirect',
  'queue',
  'tproxy',
  'dup',
  'fwd',
  'synproxy',
  'flow',
  'xt target',
]);

/** One statement of a rule as the model has it, and whether it is known by name only. */
export interface StatementRead {
  readonly statements: readonly Statement[];
  readonly modelled: boolean;
}

/** Reads one statement. `isLast`: nothing follows it in the rule, so an unknown one is taken for a target. */
export function readStatement(json: Json, scope: Scope, isLast: boolean): StatementRead {
  const verdict = readVerdict(json);
  if (verdict) return { statements: [{ kind: 'verdict', verdict }], modelled: true };
  const only = onlyMember(json);
  const statements =
    typeof json === 'string'
      ? readTextStatement(json, scope)
      : only && (READERS.get(only.key)?.(only.body, scope) ?? null);
  if (statements) return { statements, modelled: true };
  const key = only?.key === 'xt' ? `xt ${textField(only.body, 'type') ?? ''}` : (only?.key ?? '');
  const isTarget = TARGETS.has(key) || (!CONDITIONS.has(key) && isLast);
  return {
    statements: [{ kind: isTarget ? 'unmodelled-target' : 'unmodelled-match', text: plainText(json) }],
    modelled: false,
  };
}

function readVerdictMap(body: Json, scope: Scope): readonly Statement[] | null {
  const key = readValue(field(body, 'key'), scope);
  const of = key && readMapData(field(body, 'data'), key.type, 'verdict', scope);
  return key && of ? [{ kind: 'verdict-map', key: key.value, of: of.ref }] : null;
}

/** `meta` and `ct` keys whose writing does not change the packet's way. */
const HARMLESS = new Set([
  'meta priority',
  'meta nftrace',
  'meta secmark',
  'ct event',
  'ct label',
  'ct secmark',
  'ct helper',
]);

function readMangle(body: Json, scope: Scope): readonly Statement[] | null {
  const key = field(body, 'key');
  const target = onlyMember(key);
  if (!target) return null;
  if (target.key === 'tcp option' || HARMLESS.has(`${target.key} ${textField(target.body, 'key') ?? ''}`)) {
    return ignored(plainText({ mangle: body }));
  }
  const to = readValue(key, scope)?.value;
  const type = to?.kind === 'field' || to?.kind === 'meta' || to?.kind === 'ct' ? readValue(key, scope)!.type : null;
  const json = field(body, 'value');
  const value = typeof type === 'string' ? (readFlags(type, json) ?? readValue(json, scope, type)?.value) : undefined;
  if (!value) return null;
  if ((to?.kind === 'meta' || to?.kind === 'ct') && to.key === 'mark')
    return [{ kind: 'set-mark', target: to.kind, value }];
  return to?.kind === 'field' ? [{ kind: 'set-field', field: to.field, value }] : null;
}

const ICMPX = ['no-route', 'port-unreachable', 'host-unreachable', 'admin-prohibited'] as const;

/** A bare `reject` is port-unreachable; JSON of nft 1.0 says so itself, older ones leave it out. */
function readReject(body: Json, scope: Scope): readonly Statement[] | null {
  const usual = scope.family === 'ip' ? 'icmp' : scope.family === 'ip6' ? 'icmpv6' : 'icmpx';
  const kind = rejectKind(textField(body, 'type') ?? usual, field(body, 'expr') ?? 'port-unreachable');
  return kind && [{ kind: 'reject', with: kind }];
}

function rejectKind(type: string, json: Json): RejectKind | null {
  if (type === 'tcp reset') return { kind: 'tcp-reset' };
  if (type === 'icmpx') {
    const reason = ICMPX.find((r) => r === json);
    return reason === undefined ? null : { kind: 'icmpx', reason };
  }
  if (type !== 'icmp' && type !== 'icmpv6') return null;
  const code =
    typeof json === 'number' ? json : typeof json === 'string' ? numberOfName(`${type}_code`, json) : undefined;
  if (code === undefined || !Number.isInteger(code) || code < 0 || code > 255) return null;
  return { kind: 'icmp', type: type === 'icmp' ? 3 : 1, code };
}

const isOver = (body: Json, scope: Scope): boolean =>
  typeof body === 'string' ? scope.inverted.has(body) : field(body, 'inv') === true;

/** A single packet stays within every limit: the limit matches, and `over` does not. */
function limited(text: string, over: boolean, scope: Scope): readonly Statement[] {
  scope.limited(text);
  return over ? [{ kind: 'limited', text }, NEVER] : [{ kind: 'limited', text }];
}

function readMeter(body: Json, scope: Scope): readonly Statement[] | null {
  const key = readValue(field(body, 'key'), scope);
  const inner = key && readInner(listOf(field(body, 'stmt')), scope);
  if (!key || !inner) return null;
  const size = numberField(body, 'size');
  const text = `meter ${word(textField(body, 'name') ?? '?')}${size === undefined ? '' : ` size ${size}`} { ${formatValue(key.value)}${inner.text} }`;
  return limited(text, inner.never, scope);
}

function readFlow(body: Json, scope: Scope): readonly Statement[] {
  const text = `flow ${word(textField(body, 'op') ?? 'add')} ${word(textField(body, 'flowtable') ?? '?')}`;
  scope.limited(text);
  return ignored(text);
}

/** `add @set { ip saddr }`: the set changes with the packets, the packet goes on. */
function readSetStatement(body: Json, scope: Scope): readonly Statement[] | null {
  const set = textField(body, 'set') ?? '';
  const elem = field(body, 'elem');
  const wrapped = field(elem, 'elem');
  const inner = readInner(listOf(field(body, 'stmt')), scope);
  if (!set.startsWith('@') || !inner) return null;
  scope.dynamic.add(set.slice(1));
  const value = readValue(wrapped === undefined ? elem : field(wrapped, 'val'), scope);
  const timeout = numberField(wrapped, 'timeout');
  const of = value ? formatValue(value.value) : plainText(elem ?? null);
  const text = `${word(textField(body, 'op') ?? 'add')} @${word(set.slice(1))} { ${of}${timeout === undefined ? '' : ` timeout ${timeout}s`}${inner.text} }`;
  if (!inner.limited) return ignored(text);
  return inner.never ? [{ kind: 'limited', text }, NEVER] : [{ kind: 'limited', text }];
}

/** The statements that each element of a dynamic set has of its own; null when one of them is not understood. */
function readInner(list: readonly Json[], scope: Scope): { text: string; limited: boolean; never: boolean } | null {
  const read = list.map((json) => readStatement(json, scope, false));
  if (read.some((r) => !r.modelled)) return null;
  const statements = read.flatMap((r) => r.statements);
  const text = formatNftRule({ statements });
  return {
    text: text === '' ? '' : ` ${text}`,
    limited: statements.some((s) => s.kind === 'limited'),
    never: statements.includes(NEVER),
  };
}

const HARMLESS_XT = new Set([
  'match comment',
  'target LOG',
  'target NFLOG',
  'target TRACE',
  'target TCPMSS',
  'watcher LOG',
  'watcher NFLOG',
]);

/** An iptables extension that nft has no word for: JSON gives its name only. */
function readXt(body: Json): readonly Statement[] | null {
  const name = `${textField(body, 'type') ?? ''} ${textField(body, 'name') ?? ''}`;
  return isObject(body) && HARMLESS_XT.has(name) ? ignored(`xt ${name}`) : null;
}

/** Where nft has no JSON for a statement it writes its text: `add @map { ip saddr : meta mark }`. */
function readTextStatement(text: string, scope: Scope): readonly Statement[] | null {
  const name = /^(?:add|update|delete) @([^\s{]{1,128}) \{/.exec(text)?.[1];
  if (name === undefined) return null;
  scope.dynamic.add(name);
  return ignored(plainText(text));
}
