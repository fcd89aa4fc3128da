import { assumption, sameAddress } from '../../ip/index.ts';
import { FORGOTTEN, type HookContext, type HookResult, type Tracked } from '../hook-context.ts';
import { habitsOf } from '../../model/index.ts';
import { takeReply } from '../ipvs/reply.ts';
import { takeError, takeRequest } from '../ipvs/request.ts';
import { PROTOCOL, type Packet } from '../packet.ts';
import { compileRuleset, placeKey, type BaseChain, type CompiledRuleset, type Place } from './compile-ruleset.ts';
import { confirm, trackPacket } from './conntrack.ts';
import { record, stageOf, type Run } from './run.ts';
import { applyTranslation, halfAt, isDecided, setUpTranslation, translateError } from './translate.ts';
import { walkChain, type ChainEnd } from './walk-chain.ts';

/**
 * Takes a packet through one netfilter hook of a host: all base chains of its family by priority, with connection
 * tracking and address translation at the kernel's own places between them. `tracked` is what the packet carries from
 * the hooks before, null when there were none. Records what was decided; a connection enters the table only when the
 * packet got to the end of input or postrouting.
 */
export function runHook(packet: Packet, tracked: Tracked | null, context: HookContext): HookResult {
  const { ruleset } = context.host;
  if (!ruleset.known) noteAssumption(context);
  // a proposed change may add a rule to rules that nobody collected
  if (!ruleset.known && ruleset.tables.length === 0 && !context.ipvs)
    return { kind: 'accept', packet, tracked, way: null, unrouted: false };
  const compiled = compileRuleset(ruleset, context.ipvs !== undefined);
  const places = compiled.places.get(placeKey(packet.family, context.hook)) ?? [];
  const run: Run = {
    context,
    packet,
    tracked,
    way: null,
    unrouted: false,
    fact: context.host.fact,
    translating: false,
    notrackFact: null,
  };
  for (const place of places) {
    const end = visit(place, run, compiled);
    if (end) return end;
  }
  return { kind: 'accept', packet: run.packet, tracked: run.tracked, way: run.way, unrouted: run.unrouted };
}

function noteAssumption({ hook, host, record }: HookContext): void {
  if (hook !== 'input' && hook !== 'forward' && hook !== 'output') return;
  const habits = habitsOf(host.system);
  const but = habits.filter === undefined || hook === 'output' ? '' : ` (${habits.title}: ${habits.filter})`;
  const fact = assumption(`no firewall rules were collected from ${host.name}: assumed to let this through${but}`);
  const action = { kind: 'filter', table: '', chain: '', verdict: 'accept', byPolicy: true, rulesMet: 0 } as const;
  record({ stage: hook, action, because: [fact] });
}

const IPVS = { request: takeRequest, reply: takeReply, error: takeError } as const;

const DROP = { kind: 'drop' } as const;

/** Null: the packet goes on. */
function visit(place: Place, run: Run, compiled: CompiledRuleset): HookResult | null {
  switch (place.kind) {
    case 'chain':
      return filter(place.base, run);
    case 'conntrack':
      track(run, compiled);
      return null;
    case 'nat':
      return translate(place.chains, run);
    case 'ipvs':
      return IPVS[place.part](run);
    case 'confirm':
      if (confirm(run.context.connections, run.tracked)) return null;
      tell(run, run.tracked!, 'another connection has these addresses and ports already: dropped');
      return DROP;
  }
}

function filter(base: BaseChain, run: Run): HookResult | null {
  const before = run.packet;
  const end = walkChain(base, run);
  if (end.verdict !== 'accept' || base.chain.rules.length > 0) recordEnd(run, base, end);
  if (end.verdict !== 'accept') return refused(run, end);
  // The chains behind still see the output interface of before: it belongs to the hook, not to the packet
  return base.reroutes && routesOtherwise(before, run.packet) ? reroute(run) : null;
}

/** ip_route_me_harder and ip6_route_me_harder: a failure is a dropped packet. */
function reroute(run: Run): HookResult | null {
  const found = run.context.reroute?.(run.packet);
  if (found && !found.way) return { kind: 'drop', error: found.error };
  run.way = found?.way ?? null;
  return null;
}

const refused = (run: Run, end: ChainEnd): HookResult =>
  end.with ? { kind: 'reject', with: end.with, packet: run.packet, tracked: run.tracked } : DROP;

function recordEnd(run: Run, base: BaseChain, end: ChainEnd): void {
  const { verdict, rule, rulesMet } = end;
  const action = {
    kind: 'filter',
    table: base.table,
    chain: base.chain.name,
    verdict,
    byPolicy: !rule,
    rulesMet,
  } as const;
  record(run, stageOf(run), action, [rule ?? base.fact]);
}

/** ipt_mangle_out and nf_route_table_hook4. */
function routesOtherwise(a: Packet, b: Packet): boolean {
  if (a === b) return false;
  return (
    a.mark !== b.mark ||
    a.tos !== b.tos ||
    !sameAddress(a.source, b.source) ||
    !sameAddress(a.destination, b.destination)
  );
}

/** A packet that loops back, or was told not to be tracked, keeps what it carries. */
function track(run: Run, compiled: CompiledRuleset): void {
  const { tracked } = run;
  if (tracked?.connection || tracked?.state === 'untracked') {
    if (run.notrackFact) tell(run, tracked, 'a rule excepts it from connection tracking');
    return;
  }
  const result = trackPacket(run.context, run.packet);
  // what is still no connection's keeps what it carries, and what IPVS had stays so
  if (tracked?.ipvs) run.tracked = { ...result.tracked, ipvs: true };
  else run.tracked = tracked === FORGOTTEN && !result.tracked.connection ? FORGOTTEN : result.tracked;
  if (compiled.asksState || result.tracked.state === 'invalid') tell(run, result.tracked, result.why);
}

function tell(run: Run, tracked: Tracked, why: string): void {
  record(run, 'conntrack', { kind: 'tracked', state: tracked.state, why }, run.notrackFact ? [run.notrackFact] : []);
}

/** nf_nat_inet_fn and its callers in nf_nat_proto.c. */
function translate(chains: readonly BaseChain[], run: Run): HookResult | null {
  const { tracked } = run;
  const connection = tracked?.connection;
  if (!connection) return null;
  if (tracked.state === 'related' && isIcmp(run.packet)) return translatedError(run);
  const half = halfAt(run);
  if (tracked.state !== 'established' && !isDecided(connection, half)) {
    const refused = decideTranslation(chains, run);
    if (refused) return refused;
  }
  const before = run.packet;
  return applyTranslation(run) ? newWay(run, before) : DROP;
}

function translatedError(run: Run): HookResult | null {
  const before = run.packet;
  return translateError(run) ? newWay(run, before) : DROP;
}

/** nf_nat_ipv4_local_fn, nf_nat_ipv4_pre_routing: what was sent elsewhere is routed anew. */
function newWay(run: Run, before: Packet): HookResult | null {
  if (sameAddress(before.destination, run.packet.destination)) return null;
  run.unrouted = true;
  return run.context.hook === 'output' ? reroute(run) : null;
}

const isIcmp = (p: Packet): boolean => p.protocol === PROTOCOL.icmp || p.protocol === PROTOCOL.icmpv6;

/** The chains are asked one after the other until one decides; without a decision all stays as it is. */
function decideTranslation(chains: readonly BaseChain[], run: Run): HookResult | null {
  const connection = run.tracked!.connection!;
  const half = halfAt(run);
  for (const base of chains) {
    run.translating = true;
    const end = walkChain(base, run);
    run.translating = false;
    if (end.verdict !== 'accept') {
      recordEnd(run, base, end);
      return refused(run, end);
    }
    if (isDecided(connection, half)) return null;
    if (end.rule) recordEnd(run, base, end);
  }
  run.fact = run.context.host.fact;
  setUpTranslation(run, connection, half, NOTHING);
  return null;
}

const NOTHING = { addresses: null, ports: null };
