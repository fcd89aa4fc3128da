import { defaultRules, TABLE, type Host, type Route, type Rule } from '../model/index.ts';

const ruleCache = new WeakMap<Host, { 4: readonly Rule[]; 6: readonly Rule[] }>();

/** The host's policy rules of a family, by priority; the kernel's own where none were collected. */
export function rulesOf(host: Host, family: 4 | 6): readonly Rule[] {
  let own = ruleCache.get(host);
  if (!own) {
    const of = (f: 4 | 6): readonly Rule[] => {
      const listed = host.rules.filter((r) => r.family === f);
      return listed.length === 0 ? defaultRules(f) : [...listed].sort((a, b) => a.priority - b.priority);
    };
    ruleCache.set(host, (own = { 4: of(4), 6: of(6) }));
  }
  return own[family];
}

const OWN_OF_KERNEL: readonly (readonly [priority: number, table: number])[] = [
  [0, TABLE.local],
  [32766, TABLE.main],
  [32767, TABLE.default],
];

/** Whether IPv4's rules are others than the kernel's own: then it keeps the tables local and main apart. */
export function hasOwnRules(host: Host): boolean {
  const rules = rulesOf(host, 4);
  const isKernels = ({ priority, action }: Rule, i: number): boolean =>
    priority === OWN_OF_KERNEL[i]?.[0] && action.kind === 'table' && action.table === OWN_OF_KERNEL[i][1];
  return rules.length !== OWN_OF_KERNEL.length || !rules.every(isKernels);
}

/** The rule that leads to the route's table. */
export const ruleTo = (host: Host, route: Route): Rule | undefined =>
  rulesOf(host, route.prefix.address.family).find((r) => r.action.kind === 'table' && r.action.table === route.table);
