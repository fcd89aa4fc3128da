import { FORGOTTEN } from '../hook-context.ts';
import type { FilterRule, RejectKind, Statement } from '../../model/index.ts';
import { PROTOCOL, TCP } from '../packet.ts';
import { compileMatch, compileMember, uncertainTest } from './compile-match.ts';
import { compileNat } from './compile-nat.ts';
import { decisionOf, membersOf, type CompiledRule, type Effect, type Operation, type Scope } from './compile-scope.ts';
import { compileValue, namedParts, unknownIn } from './compile-value.ts';
import { presence, withField } from './packet-field.ts';
import { absorb, wantsAnything } from './prefilter.ts';
import { decide, record, stageOf, type Run, type Test } from './run.ts';

/** Makes what a rule does. What stands behind its last statement with an effect is left out. */
export function compileRule(rule: FilterRule, scope: Scope): CompiledRule {
  const statements = rule.statements.filter((s) => s.kind !== 'ignored' && s.kind !== 'limited');
  const end = statements.findLastIndex((s) => !isTest(s)) + 1;
  const acting = statements.slice(0, end);
  const first = acting.findIndex((s) => !isTest(s));
  const split = first < 0 ? acting.length : first;
  const wants = wantsAnything();
  // Matches that are known for sure may go before those that are not
  const tested = acting.slice(0, split).filter((s) => !absorb(wants, s));
  return {
    wants,
    tests: tested.map((s) => testOf(s, scope)),
    operations: acting.slice(split).map((s) => operationOf(s, scope)),
    fact: rule.fact,
  };
}

const isTest = (s: Statement): boolean => s.kind === 'match' || s.kind === 'member' || s.kind === 'unmodelled-match';

function testOf(s: Statement, scope: Scope): Test {
  if (s.kind === 'match') return compileMatch(s, scope);
  if (s.kind === 'member') return compileMember(s, scope);
  if (s.kind === 'unmodelled-match') return uncertainTest(s.text);
  throw new Error(`bug: ${s.kind} is no match`);
}

function operationOf(s: Statement, scope: Scope): Operation {
  switch (s.kind) {
    case 'match':
    case 'member':
    case 'unmodelled-match': {
      const test = testOf(s, scope);
      return (run) => (test(run) ? 'on' : 'end');
    }
    case 'verdict': {
      const decision = decisionOf(s.verdict, scope);
      return decision ? () => decision : unknownTarget('a jump to a chain that is not known');
    }
    case 'verdict-map':
      return verdictMap(s, scope);
    case 'reject':
      return reject(s.with);
    case 'set-mark':
      return setMark(s, scope);
    case 'set-field':
      return setField(s, scope);
    case 'snat':
    case 'dnat':
    case 'masquerade':
    case 'redirect':
      return compileNat(s, scope);
    case 'notrack':
      return scope.table.engine === 'iptables' ? xtNotrack : notrack;
    case 'unmodelled-target':
      return unknownTarget(s.text);
    case 'ignored':
    case 'limited':
      return () => 'on';
  }
}

function unknownTarget(what: string): Operation {
  return (run) => (decide(run, what, false, ['goes on', 'dropped']) ? { kind: 'drop' } : 'on');
}

function verdictMap(s: Extract<Statement, { kind: 'verdict-map' }>, scope: Scope): Operation {
  const members = membersOf(s.of, scope);
  if (!members || unknownIn(s.key)) return unknownTarget('a verdict map that is not known');
  const key = compileValue(s.key, scope, namedParts(members.entries));
  const unknown = unknownTarget('a jump to a chain that is not known');
  const effects = new Map(members.entries.map((e) => [e, e.verdict ? decisionOf(e.verdict, scope) : undefined]));
  return (run): Effect => {
    const k = key(run);
    const entry = k === undefined ? undefined : members.find(k);
    const effect = entry && effects.get(entry);
    return effect === null ? unknown(run) : (effect ?? 'end');
  };
}

/**
 * A reset answers TCP only: nft adds the match on TCP by itself and leaves it out when it lists the rule. It answers no
 * reset (nf_reject_ip_tcphdr_get).
 */
function reject(kind: RejectKind): Operation {
  const decision = { kind: 'reject', with: kind } as const;
  if (kind.kind !== 'tcp-reset') return () => decision;
  return ({ packet }) => {
    if (packet.protocol !== PROTOCOL.tcp) return 'end';
    return packet.tcpFlags & TCP.rst ? { kind: 'drop' } : decision;
  };
}

function setMark(s: Extract<Statement, { kind: 'set-mark' }>, scope: Scope): Operation {
  const unknown = unknownIn(s.value);
  const read = compileValue(s.value, scope);
  const put = s.target === 'meta' ? setPacketMark : setConnectionMark;
  return (run) => {
    const value = read(run);
    if (typeof value === 'number') put(run, value >>> 0);
    else if (!unknown) return 'end';
    else record(run, stageOf(run), { kind: 'uncertain', what: unknown.text, taken: 'mark unchanged' }, [run.fact]);
    return 'on';
  };
}

function setPacketMark(run: Run, mark: number): void {
  const before = run.packet.mark;
  if (mark === before) return;
  run.packet = { ...run.packet, mark };
  record(run, stageOf(run), { kind: 'marked', target: 'meta', mark, before }, [run.fact]);
}

/** Without a connection nothing happens, and the rule goes on (nft_ct_set_eval). */
function setConnectionMark(run: Run, mark: number): void {
  const connection = run.tracked?.connection;
  if (!connection || connection.mark === mark) return;
  const before = connection.mark;
  connection.mark = mark;
  record(run, stageOf(run), { kind: 'marked', target: 'ct', mark, before }, [run.fact]);
}

function setField(s: Extract<Statement, { kind: 'set-field' }>, scope: Scope): Operation {
  const has = presence(s.field, scope.table.family);
  const read = compileValue(s.value, scope);
  return (run) => {
    const value = has(run.packet) ? read(run) : undefined;
    if (value === undefined) return 'end';
    run.packet = withField(run.packet, s.field, value) ?? run.packet;
    return 'on';
  };
}

/** Nothing happens to a packet that has a connection (nft_notrack_eval). */
function notrack(run: Run): Effect {
  if (run.tracked?.connection || run.tracked?.state === 'untracked') return 'on';
  run.tracked = { state: 'untracked', direction: 'original', connection: null };
  run.notrackFact = run.fact;
  return 'on';
}

/** xt_ct_target also passes over what only remembers that it answers a packet that was not tracked. */
const xtNotrack = (run: Run): Effect => (run.tracked === FORGOTTEN ? 'on' : notrack(run));
