import type { Fact, Family } from '../../ip/index.ts';
import { PRIORITY, type Chain, type FilterTable, type HookName, type Ruleset } from '../../model/index.ts';
import { compileRule } from './compile-rule.ts';
import type { CompiledChain, Scope } from './compile-scope.ts';
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

/** The ruleset's compiled form, made on first use. */
export function compileRuleset(ruleset: Ruleset): CompiledRuleset {
  let found = compiled.get(ruleset);
  if (!found) compiled.set(ruleset, (found = compile(ruleset)));
  return found;
}

/** A base chain with its place among the others. */
interface Hooked {
  readonly base: BaseChain;
  readonly hook: NonNullable<Chain['hook']>;
  readonly families: readonly Family[];
  /** The order in which hooks came into being. */
  readonly born: number;
}

function compile(ruleset: Ruleset): CompiledRuleset {
  const indexes: Scope['indexes'] = new Map();
  const hooked: Hooked[] = [];
  for (const table of ruleset.tables) {
    const families = FAMILIES[table.family];
    if (!families) continue;
    for (const { chain, source } of compileTable(table, ruleset, indexes)) {
      if (source.hook)
        hooked.push({ base: baseOf(table, chain, source), hook: source.hook, families, born: hooked.length });
    }
  }
  const uses = rulesetUses(ruleset, FAMILIES);
  const places = new Map<string, readonly Place[]>();
  for (const family of [4, 6] as const) {
    for (const hook of HOOKS) {
      places.set(
        placeKey(family, hook),
        placesAt(
          hooked.filter((h) => h.families.includes(family)),
          hook,
          uses.tracks(family),
        ),
      );
    }
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
  for (const name of table.chains.keys()) chains.set(name, { name, rules: [] });
  const scope: Scope = { table, chains, ruleset, indexes };
  return [...table.chains].map(([name, source]) => {
    const chain = chains.get(name)!;
    chain.rules = source.rules.map((r) => compileRule(r, scope));
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
  readonly born: number;
}

// Of hooks with the same priority the youngest comes first (nf_hook_entries_grow)
const inOrder = (a: { priority: number; born: number }, b: { priority: number; born: number }): number =>
  a.priority - b.priority || b.born - a.born;

function placesAt(hooked: readonly Hooked[], hook: HookName, tracked: boolean): readonly Place[] {
  const here = hooked.filter((h) => h.hook.hook === hook);
  const placed: Placed[] = here
    .filter((h) => h.hook.type !== 'nat')
    .map((h) => ({ place: { kind: 'chain', base: h.base }, priority: h.hook.priority, born: h.born }));
  if (!tracked) return placed.sort(inOrder).map((p) => p.place);
  const late = hook === 'postrouting' || hook === 'input';
  const early = hook === 'prerouting' || hook === 'output';
  if (early) placed.push({ place: { kind: 'conntrack' }, priority: PRIORITY.conntrack, born: Infinity });
  if (late) placed.push({ place: { kind: 'confirm' }, priority: PRIORITY.confirm, born: Infinity });
  // Any nat chain brings the translation at all four hooks (nf_nat_register_fn)
  const first = hooked.find((h) => h.hook.type === 'nat');
  if (first && (early || late)) {
    const chains = here
      .filter((h) => h.hook.type === 'nat')
      .sort((a, b) => inOrder({ ...a.hook, born: a.born }, { ...b.hook, born: b.born }));
    const priority = early ? PRIORITY.dstnat : PRIORITY.srcnat;
    placed.push({ place: { kind: 'nat', chains: chains.map((h) => h.base) }, priority, born: first.born });
  }
  return placed.sort(inOrder).map((p) => p.place);
}
