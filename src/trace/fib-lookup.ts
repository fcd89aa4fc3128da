import {
  contains,
  formatAddress,
  formatPrefix,
  inRange,
  isLinkLocal,
  isLoopback,
  isMulticast,
  matchesMark,
} from '../ip/index.ts';
import { interfaceKey, settingNumber, type Host, type NextHop, type Route, type Rule } from '../model/index.ts';
import { firstWay, type ChoicePoint, type Chooser } from './choice.ts';
import { inOrder } from './equal-routes.ts';
import type { FlowKey } from './flow-key.ts';
import { withoutOwnGateway, type UsedNextHop } from './own-gateway.ts';
import { PROTOCOL } from './packet.ts';
import type { Loser } from './step.ts';
import { rulesOf, ruleTo } from './policy-rules.ts';
import { candidatesIn } from './route-candidates.ts';

/** Errors of a lookup, by the names of errno(3). */
export type LookupError = 'ENETUNREACH' | 'EHOSTUNREACH' | 'EACCES' | 'EINVAL';

/** A found route with the way on that was taken, or why there is none. */
export type LookupResult =
  | {
      readonly ok: true;
      readonly route: Route;
      readonly nexthop: UsedNextHop | null;
      readonly rule: Rule;
      readonly losers: readonly Loser[];
      readonly branch: { number: number; of: number } | null;
    }
  | {
      readonly ok: false;
      readonly error: LookupError;
      readonly route: Route | null;
      readonly rule: Rule | null;
      readonly losers: readonly Loser[];
    };

const MAX_RULES = 1000;

/** What a rule did for a packet: the selector that passed it over, what came of its action, or that it decided. */
export interface RuleMet {
  readonly rule: Rule;
  readonly how: Selector | 'not' | 'nothing-there' | 'suppressed' | 'goto' | 'nop' | 'decides';
}

/** The selectors of a rule. */
type Selector = 'iif' | 'oif' | 'mark' | 'to' | 'from' | 'tos' | 'protocol' | 'sport' | 'dport' | 'uid' | 'unmodelled';

/** Somebody who wants to know how a lookup came to its answer. */
export interface LookupWatch {
  /** Every rule that was met, the deciding one last. */
  met(rule: RuleMet): void;
  /** What the rules behind the deciding one would have said. */
  otherwise(found: LookupResult): void;
}

/** One lookup under way. */
interface Search {
  readonly host: Host;
  readonly key: FlowKey;
  readonly choices: Chooser;
  readonly losers: Loser[];
  readonly watch?: LookupWatch | undefined;
}

/** Walks the policy rules and their tables, as fib_rules_lookup (net/core/fib_rules.c) does. */
export function fibLookup(host: Host, key: FlowKey, choices: Chooser, watch?: LookupWatch): LookupResult {
  const losers: Loser[] = [];
  const decided = walk({ host, key, choices, losers, watch }, 0);
  if (!decided) return { ok: false, error: 'ENETUNREACH', route: null, rule: null, losers };
  if (watch) {
    const next = walk({ host, key, choices: firstWay(choices), losers: [] }, decided.at + 1);
    if (next) watch.otherwise(next.found);
  }
  return decided.found;
}

/** The first answer that the rules from that place on give, and the place of the rule that gave it. */
function walk(search: Search, start: number): { found: LookupResult; at: number } | null {
  const { host, key, choices, watch } = search;
  const rules = rulesOf(host, key.destination.family);
  for (let i = start, seen = 0; i < rules.length && seen < MAX_RULES; seen++) {
    const rule = rules[i]!;
    const unfit = unfitness(rule, key, choices);
    if (unfit) {
      watch?.met({ rule, how: unfit });
      i++;
      continue;
    }
    if (rule.action.kind === 'goto') {
      const priority = rule.action.priority;
      const target = rules.findIndex((r) => r.priority === priority);
      watch?.met({ rule, how: 'goto' });
      i = target > i ? target : i + 1;
      continue;
    }
    const found = applyRule(search, rule);
    // where the tables local and main are one, the answer may be of the rule behind
    const by = found?.rule && found.rule !== rule ? found.rule : null;
    watch?.met({ rule, how: found && !by ? 'decides' : howPassed(search, rule) });
    if (by) watch?.met({ rule: by, how: 'decides' });
    if (found) return { found, at: by ? rules.indexOf(by) : i };
    i++;
  }
  return null;
}

/** Why a rule that fits gave no answer. */
function howPassed({ losers }: Search, { action }: Rule): RuleMet['how'] {
  if (action.kind !== 'table') return 'nop';
  const last = losers.at(-1);
  return last?.why === 'suppressed' && last.route.table === action.table ? 'suppressed' : 'nothing-there';
}

/** Why the rule is not for this packet; null when it is. */
function unfitness(rule: Rule, key: FlowKey, choices: Chooser): RuleMet['how'] | null {
  if (rule.unmodelled !== undefined) {
    const what = `policy rule with '${rule.unmodelled}', which is not modelled`;
    if (choices.choose(2, { what, fact: rule.fact, random: false }) === 0) return 'unmodelled';
  }
  const missed = missedSelector(rule, key);
  if (rule.not) return missed ? null : 'not';
  return missed;
}

/** fib_rule_match and fib4_rule_match; a source that is not chosen yet counts as 0.0.0.0. */
function missedSelector(rule: Rule, key: FlowKey): Selector | null {
  if (rule.iif !== undefined && rule.iif !== key.iif) return 'iif';
  if (rule.oif !== undefined && rule.oif !== (key.oif ?? key.towards)) return 'oif';
  if (rule.mark && !matchesMark(rule.mark, key.mark)) return 'mark';
  if (rule.to && !contains(rule.to, key.destination)) return 'to';
  if (rule.from && !(key.source ? contains(rule.from, key.source) : rule.from.length === 0)) return 'from';
  if (rule.tos !== undefined && rule.tos !== 0 && rule.tos !== tosOf(key)) return 'tos';
  if (rule.protocol !== undefined && rule.protocol !== 0 && rule.protocol !== key.protocol) return 'protocol';
  if (rule.sport && !inRange(rule.sport, key.sourcePort)) return 'sport';
  if (rule.dport && !inRange(rule.dport, key.destinationPort)) return 'dport';
  return rule.uid === undefined || inRange(rule.uid, 0) ? null : 'uid';
}

/** IPv4 compares the bits of IPTOS_RT_MASK alone (fib_dscp_masked_match), IPv6 the whole DSCP. */
const tosOf = (key: FlowKey): number => key.tos & (key.destination.family === 4 ? 0x1c : 0xfc);

/** Null: the next rule is asked. */
function applyRule(search: Search, rule: Rule): LookupResult | null {
  const action = rule.action;
  const losers = search.losers;
  switch (action.kind) {
    case 'nop':
    case 'goto':
      return null;
    // fib4_rule_action: an `unreachable` rule says network unreachable, unlike the route type
    case 'unreachable':
      return { ok: false, error: 'ENETUNREACH', route: null, rule, losers };
    case 'prohibit':
      return { ok: false, error: 'EACCES', route: null, rule, losers };
    case 'blackhole':
      return { ok: false, error: 'EINVAL', route: null, rule, losers };
    case 'table': {
      const found = tableLookup(search, action.table, rule);
      if (!found?.ok || action.suppressPrefixLength === undefined) return found;
      if (found.route.prefix.length > action.suppressPrefixLength) return found;
      losers.push({ route: found.route, why: 'suppressed' });
      return null;
    }
  }
}

const REJECTS: Readonly<Record<string, LookupError>> = {
  unreachable: 'EHOSTUNREACH',
  prohibit: 'EACCES',
  blackhole: 'EINVAL',
};

/** fib_table_lookup: longest match, then the aliases of a prefix in order; `throw` and no match give null. */
function tableLookup(search: Search, number: number, rule: Rule): LookupResult | null {
  const { host, key, losers } = search;
  let winner: LookupResult | null = null;
  for (const route of inOrder(host, candidatesIn(host, number, key.destination), key, search.choices)) {
    if (winner) {
      losers.push({ route, why: whyLost(winner, route) });
      continue;
    }
    if (route.tos !== 0 && route.tos !== tosOf(key)) {
      losers.push({ route, why: 'tos' });
      continue;
    }
    if (isElsewhere(route, key)) {
      losers.push({ route, why: 'other-interface' });
      continue;
    }
    if (route.type === 'throw') {
      losers.push({ route, why: 'throw' });
      return null;
    }
    const error = rejectOf(route);
    const by = route.table === number ? rule : (ruleTo(host, route) ?? rule);
    winner = error ? { ok: false, error, route, rule: by, losers } : pickNextHop(search, route, by);
  }
  return winner;
}

/**
 * rt6_need_strict: what stays on its link takes routes of one interface alone, which passes over rejects too: of the one
 * that it must leave by, or came in by.
 */
function isElsewhere(route: Route, { destination, oif, iif }: FlowKey): boolean {
  if (destination.family === 4) return false;
  const only = oif ?? (iif === 'lo' ? undefined : iif);
  if (only === undefined) return false;
  const isStrict = isLinkLocal(destination) || isMulticast(destination) || isLoopback(destination);
  return isStrict && !route.nexthops.some((n) => n.dev === only);
}

/** ip6_route_info_create makes a reject route of any IPv6 route over loopback that is not a local one. */
function rejectOf(route: Route): LookupError | undefined {
  const overLo = route.prefix.address.family === 6 && route.type === 'unicast' && route.nexthops[0]?.dev === 'lo';
  return overLo && !isLoopback(route.prefix.address) ? 'ENETUNREACH' : REJECTS[route.type];
}

const isSix = (r: Route): boolean => r.prefix.address.family === 6;

function whyLost(winner: LookupResult, route: Route): Loser['why'] {
  const won = winner.route!;
  if (route.prefix.length < won.prefix.length) return 'shorter';
  // better, and looked at later all the same
  if (route.prefix.length > won.prefix.length || (isSix(route) && route.metric < won.metric)) return 'gateway-failed';
  if (route.tos !== won.tos) return 'tos';
  return route.metric > won.metric ? 'metric' : 'later';
}

function pickNextHop(search: Search, route: Route, rule: Rule): LookupResult | null {
  const { host, key, losers, choices } = search;
  if (route.nexthops.length === 0) return { ok: true, route, nexthop: null, rule, losers, branch: null };
  const good = route.nexthops.filter((n) => isUsable(host, n, key));
  if (good.length === 0) {
    losers.push({ route, why: key.oif !== undefined ? 'other-interface' : 'dead' });
    return null;
  }
  const number = good.length > 1 ? choices.choose(good.length, sharedBy(host, route, key)) : 0;
  const branch = good.length > 1 ? { number: number + 1, of: good.length } : null;
  return { ok: true, route, nexthop: withoutOwnGateway(host, route, good[number]!), rule, losers, branch };
}

/** fib_multipath_hash, rt6_multipath_hash: packets of a flow share a way at a host; ports count where the setting says so. */
function sharedBy(host: Host, route: Route, key: FlowKey): ChoicePoint {
  const source = key.source ? formatAddress(key.source) : '';
  const countsPorts = settingNumber(host, `ipv${key.destination.family}/fib_multipath_hash_policy`) === 1;
  const isIcmp = key.protocol === PROTOCOL.icmp || key.protocol === PROTOCOL.icmpv6;
  const ports = countsPorts && !isIcmp ? [key.sourcePort, key.destinationPort] : [];
  // what a host sends itself is hashed otherwise than what it forwards (the flow label of IPv6)
  const flow = [source, formatAddress(key.destination), key.protocol, ...ports, key.iif === 'lo'];
  return {
    what: `${route.nexthops.length} next hops share the traffic`,
    fact: route.fact,
    random: true,
    key: [host.name, route.table, formatPrefix(route.prefix), ...flow].join(' '),
  };
}

/** fib_lookup_good_nhc. */
function isUsable(host: Host, nexthop: NextHop, key: FlowKey): boolean {
  if (nexthop.dead) return false;
  if (nexthop.linkdown && nexthop.dev !== undefined) {
    const family = key.destination.family;
    const ignore =
      settingNumber(host, interfaceKey(family, 'all', 'ignore_routes_with_linkdown')) ||
      settingNumber(host, interfaceKey(family, nexthop.dev, 'ignore_routes_with_linkdown'));
    if (ignore) return false;
  }
  return key.oif === undefined || nexthop.dev === undefined || nexthop.dev === key.oif;
}
