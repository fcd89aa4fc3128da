import type { Fact, Family } from '../../ip/index.ts';
import { PRIORITY, type Chain, type FilterTable, type HookName, type Ruleset } from '../../model/index.ts';
import { compileRule } from './compile-rule.ts';
import type { CompiledChain, Scope } from './compile-scope.ts';
import { Prefilter } from './prefilter.ts';
import { rulesetUses } from './ruleset-uses.ts';

/** A chain that packets enter by themselves. */
export interface BaseChain {
  readonly chain: CompiledChain;
  /** `ip filter`. */
  readonly table: string;
  readonly policy: 'accept' | 'drop';
  readonly fact: Fact;
  /** Chains may be nested as deep as this (nf_tables refuses more; iptables has no such limit). */
  readonly depth: number;
  /** Whether a change of mark or addresses here makes the kernel route an own packet again. */
  readonly reroutes: boolean;
}

/** What hangs at one hook, in the order of the packet's way. */
export type Place =
  | { readonly kind: 'chain'; readonly base: BaseChain }
  | { readonly kind: 'conntrack' | 'confirm' }
  /** IPVS: what it takes, what it gives back, and ICMP errors that are forwarded. */
  | { readonly kind: 'ipvs'; readonly part: 'request' | 'reply' | 'error' }
  /** All nat chains of the hook, in their own order. */
  | { readonly kind: 'nat'; readonly chains: readonly BaseChain[] };

/** A host's ruleset, ready to be walked. */
export interface CompiledRuleset {
  readonly places: ReadonlyMap<string, readonly Place[]>;
  /** Whether a rule asks for a connection's state: then every packet's state is worth telling. */
  readonly asksState: boolean;
}

/** The key of `places`. */
export const placeKey = (family: Family, hook: HookName): string => `${family}/${hook}`;

const compiled = new WeakMap<Ruleset, CompiledRuleset>();
const compiledWithIpvs = new WeakMap<Ruleset, CompiledRuleset>();

/** The ruleset's compiled form, made on first use; with the places of IPVS where the host has it. */
export function compileRuleset(ruleset: Ruleset, withIpvs = false): CompiledRuleset {
  const known = withIpvs ? compiledWithIpvs : compiled;
  let found = known.get(ruleset);
  if (!found) known.set(ruleset, (found = compile(ruleset, withIpvs)));
  return found;
}

/** A base chain with its place among the others. */
interface Hooked {
  readonly base: BaseChain;
  readonly hook: NonNullable<Chain['hook']>;
  readonly families: readonly Family[];
  readonly born: Born;
}

/** When a hook came into being: with which table, and as which of its chains. A table's rules come after its chains. */
interface Born {
  readonly table: number;
  readonly chain: number;
}

const AFTER_CHAINS = Infinity;

function compile(ruleset: Ruleset, withIpvs: boolean): CompiledRuleset {
  const indexes: Scope['indexes'] = new Map();
  const hooked: Hooked[] = [];
  for (const [number, table] of ruleset.tables.entries()) {
    const families = FAMILIES[table.family];
    if (!families) continue;
    for (const [at, { chain, source }] of compileTable(table, ruleset, indexes).entries()) {
      const born = { table: number, chain: at };
      if (source.hook) hooked.push({ base: baseOf(table, chain, source), hook: source.hook, families, born });
    }
  }
  const uses = rulesetUses(ruleset, FAMILIES);
  const places = new Map<string, readonly Place[]>();
  for (const family of [4, 6] as const) {
    const own = hooked.filter((h) => h.families.includes(family));
    for (const hook of HOOKS)
      places.set(placeKey(family, hook), placesAt(own, hook, uses.tracked.get(family), withIpvs));
  }
  return { places, asksState: uses.asksState };
}

const HOOKS: readonly HookName[] = ['prerouting', 'input', 'forward', 'output', 'postrouting'];
const FAMILIES: Readonly<Partial<Record<FilterTable['family'], readonly Family[]>>> = {
  ip: [4],
  ip6: [6],
  inet: [4, 6],
};

function compileTable(
  table: FilterTable,
  ruleset: Ruleset,
  indexes: Scope['indexes'],
): { chain: CompiledChain; source: Chain }[] {
  const chains = new Map<string, CompiledChain>();
  for (const name of table.chains.keys()) chains.set(name, { name, rules: [], prefilter: new Prefilter([]) });
  const scope: Scope = { table, chains, ruleset, indexes };
  return [...table.chains].map(([name, source]) => {
    const chain = chains.get(name)!;
    chain.rules = source.rules.map((r) => compileRule(r, scope));
    chain.prefilter = new Prefilter(chain.rules.map((r) => r.wants));
    return { chain, source };
  });
}

const NFT_JUMP_STACK_SIZE = 16;

function baseOf(table: FilterTable, chain: CompiledChain, source: Chain): BaseChain {
  const { hook, type, policy } = source.hook!;
  const mangle = table.engine === 'iptables' && table.name === 'mangle';
  return {
    chain,
    table: `${table.family} ${table.name}`,
    policy,
    fact: source.fact,
    depth: table.engine === 'nftables' ? NFT_JUMP_STACK_SIZE : Infinity,
    reroutes: hook === 'output' && (type === 'route' || mangle),
  };
}

interface Placed {
  readonly place: Place;
  readonly priority: number;
  readonly born: Born;
}

type Order = Omit<Placed, 'place'>;

// Of hooks with the same priority the youngest comes first (nf_hook_entries_grow)
const inOrder = (a: Order, b: Order): number =>
  a.priority - b.priority || b.born.table - a.born.table || (a.born.chain < b.born.chain ? 1 : -1);

/** `trackedFrom`: the table that switched connection tracking on; undefined when none does. */
function placesAt(
  hooked: readonly Hooked[],
  hook: HookName,
  trackedFrom: number | undefined,
  withIpvs: boolean,
): readonly Place[] {
  const here = hooked.filter((h) => h.hook.hook === hook);
  const placed: Placed[] = here
    .filter((h) => h.hook.type !== 'nat')
    .map((h) => ({ place: { kind: 'chain', base: h.base }, priority: h.hook.priority, born: h.born }));
  if (trackedFrom !== undefined) placed.push(...ownPlaces(hooked, hook, { table: trackedFrom, chain: AFTER_CHAINS }));
  if (withIpvs) placed.push(...(IPVS[hook] ?? []));
  return placed.sort(inOrder).map((p) => p.place);
}

const ipvs = (part: Extract<Place, { kind: 'ipvs' }>['part'], priority: number): Placed => ({
  place: { kind: 'ipvs', part },
  priority,
  born: { table: AFTER_CHAINS, chain: 0 },
});

/** ip_vs_ops4 and ip_vs_ops6 of ip_vs_core.c: behind the filters, in front of what translates sources. */
const IPVS: Readonly<Partial<Record<HookName, readonly Placed[]>>> = {
  input: [ipvs('reply', PRIORITY.srcnat - 2), ipvs('request', PRIORITY.srcnat - 1)],
  forward: [ipvs('error', PRIORITY.srcnat - 1), ipvs('reply', PRIORITY.srcnat)],
  output: [ipvs('reply', PRIORITY.dstnat + 1), ipvs('request', PRIORITY.dstnat + 2)],
};

/** The kernel's own work at the hook. */
function ownPlaces(hooked: readonly Hooked[], hook: HookName, born: Born): Placed[] {
  if (hook === 'forward') return [];
  const early = hook === 'prerouting' || hook === 'output';
  const tracking: Placed = early
    ? { place: { kind: 'conntrack' }, priority: PRIORITY.conntrack, born }
    : { place: { kind: 'confirm' }, priority: PRIORITY.confirm, born };
  // Any nat chain brings the translation at all four hooks (nf_nat_register_fn)
  const nat = hooked.filter((h) => h.hook.type === 'nat');
  if (!nat[0]) return [tracking];
  const chains = nat
    .filter((h) => h.hook.hook === hook)
    .sort((a, b) => inOrder({ priority: a.hook.priority, born: a.born }, { priority: b.hook.priority, born: b.born }))
    .map((h) => h.base);
  const priority = early ? PRIORITY.dstnat : PRIORITY.srcnat;
  return [tracking, { place: { kind: 'nat', chains }, priority, born: nat[0].born }];
}
