import { PRIORITY, type Chain, type HookName } from '../../model/index.ts';

type Hook = Omit<NonNullable<Chain['hook']>, 'policy'>;

const filter = (hook: HookName, priority: number): Hook => ({ hook, type: 'filter', priority });
const nat = (hook: HookName, priority: number): Hook => ({ hook, type: 'nat', priority });

/** Where the built-in chains of each table hang (iptables(8), net/ipv4/netfilter/iptable_*.c). */
const TABLES: Readonly<Record<string, Readonly<Record<string, Hook>>>> = {
  raw: {
    PREROUTING: filter('prerouting', PRIORITY.raw),
    OUTPUT: filter('output', PRIORITY.raw),
  },
  mangle: {
    PREROUTING: filter('prerouting', PRIORITY.mangle),
    INPUT: filter('input', PRIORITY.mangle),
    FORWARD: filter('forward', PRIORITY.mangle),
    OUTPUT: { hook: 'output', type: 'route', priority: PRIORITY.mangle },
    POSTROUTING: filter('postrouting', PRIORITY.mangle),
  },
  nat: {
    PREROUTING: nat('prerouting', PRIORITY.dstnat),
    INPUT: nat('input', PRIORITY.srcnat),
    OUTPUT: nat('output', PRIORITY.dstnat),
    POSTROUTING: nat('postrouting', PRIORITY.srcnat),
  },
  filter: {
    INPUT: filter('input', PRIORITY.filter),
    FORWARD: filter('forward', PRIORITY.filter),
    OUTPUT: filter('output', PRIORITY.filter),
  },
  security: {
    INPUT: filter('input', PRIORITY.security),
    FORWARD: filter('forward', PRIORITY.security),
    OUTPUT: filter('output', PRIORITY.security),
  },
};

/** Whether iptables has a table of that name. */
export const isTable = (name: string): boolean => Object.hasOwn(TABLES, name);

/** The hook of a table's built-in chain; null for a chain of one's own. */
export function hookOf(table: string, chain: string): Hook | null {
  const chains = isTable(table) ? TABLES[table]! : {};
  return Object.hasOwn(chains, chain) ? chains[chain]! : null;
}
