import { parseIpsetSave, parseIptablesSave, parseNftJson } from '../../../dialect/index.ts';
import type { Decision, Engine, GuardSettings } from '../../../guard/index.ts';
import type { Machine } from '../../../host/index.ts';
import { hasErrors } from '../../../ip/index.ts';
import type { FilterTable, Ruleset } from '../../../model/index.ts';
import { withBlocked, withOwnTable } from './blocked-ruleset.ts';
import { engineOf } from './engine-of.ts';
import { inNamespaceApart } from './namespace-apart.ts';

/** What a guard of these settings would do. */
export interface Plan {
  readonly settings: GuardSettings;
  readonly decisions: readonly Decision[];
}

/**
 * A machine's packet filter as it would be with these decisions, whether a guard runs here or not: the kernel itself says so,
 * from a copy in a network namespace apart. Null where that can't be had.
 */
export function plannedRuleset(machine: Machine, ruleset: Ruleset, plan: Plan): Promise<Ruleset | null> {
  return plan.settings.engine === 'nft' ? withNft(machine, ruleset, plan) : withIptables(machine, ruleset, plan);
}

const TABLE = ['table', 'inet', 'waymark'] as const;

async function withNft(machine: Machine, ruleset: Ruleset, plan: Plan): Promise<Ruleset | null> {
  const own = await machine.run(['nft', 'list', ...TABLE]);
  const tables = await inNamespaceApart(machine, async (apart): Promise<readonly FilterTable[] | null> => {
    const engine = engineOf(apart, plan.settings, []);
    try {
      const isThere = own.code === 0;
      if (isThere && (await apart.run(['nft', '-f', '-'], { stdin: readable(own.stdout) })).code !== 0) return null;
      if (!isThere && !(await isPrepared(engine, plan))) return null;
      if (!(await areBlocked(engine, plan))) return null;
      const listed = await apart.run(['nft', '-j', 'list', ...TABLE]);
      return listed.code === 0 ? parseNftJson(listed.stdout, 'nft -j list ruleset').value : null;
    } finally {
      await engine.remove();
    }
  });
  return tables ? withOwnTable(ruleset, tables) : null;
}

/** nft 1.0.6 lists the port of `ct original proto-dst` in a way that it does not read: `0x50 [invalid type]`. */
const readable = (listing: string): string =>
  listing.replace(/0x([0-9a-f]+) \[invalid type\]/g, (_, digits: string) => String(parseInt(digits, 16)));

async function withIptables(machine: Machine, ruleset: Ruleset, plan: Plan): Promise<Ruleset | null> {
  const running = plan.decisions.reduce<Ruleset | null>(
    (before, { prefix, rest }) => before && withBlocked(before, prefix, rest),
    ruleset,
  );
  if (running) return running;
  const saved = await Promise.all(COPIED.map(({ save }) => machine.run(save)));
  return inNamespaceApart(machine, async (apart) => {
    for (const [i, { restore }] of COPIED.entries())
      if ((await apart.run(restore, { stdin: saved[i]!.stdout })).code !== 0) return null;
    const engine = engineOf(apart, plan.settings, []);
    if (!(await isPrepared(engine, plan)) || !(await areBlocked(engine, plan))) return null;
    const [sets, four, six] = await Promise.all(COPIED.map(({ save }) => apart.run(save)));
    const ipsets = parseIpsetSave(sets!.stdout, 'ipset save').value;
    const tables = [
      ...parseIptablesSave(four!.stdout, 'iptables-save', 4, ipsets).value,
      ...parseIptablesSave(six!.stdout, 'ip6tables-save', 6, ipsets).value,
    ];
    return { ...ruleset, ipsets, tables: [...tables, ...ruleset.tables.filter((t) => t.engine !== 'iptables')] };
  });
}

/** Sets before the rules that ask them. */
const COPIED: readonly { readonly save: readonly string[]; readonly restore: readonly string[] }[] = [
  { save: ['ipset', 'save'], restore: ['ipset', 'restore'] },
  { save: ['iptables-save'], restore: ['iptables-restore'] },
  { save: ['ip6tables-save'], restore: ['ip6tables-restore'] },
];

/** The rules without a decision; all page servers are taken for alive, since nobody has looked yet. */
async function isPrepared(engine: Engine, { settings }: Plan): Promise<boolean> {
  if (hasErrors(await engine.prepare())) return false;
  const { servers } = settings.delivery;
  return servers.length === 0 || !hasErrors(await engine.lead(servers));
}

async function areBlocked(engine: Engine, { decisions }: Plan): Promise<boolean> {
  // what the kernel would forget by itself is of no matter here
  for (const decision of decisions) if (hasErrors(await engine.block({ ...decision, until: null }, 0))) return false;
  return true;
}
