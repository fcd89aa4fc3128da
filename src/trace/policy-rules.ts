import { defaultRules, type Host, type Route, type Rule } from '../model/index.ts';

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

/** Whether rules of one's own were added: then IPv4 keeps the tables local and main apart. */
export function hasOwnRules(host: Host): boolean {
  const own = rulesOf(host, 4);
  return own.length !== 3 || own.some((r) => r.priority !== 0 && r.priority !== 32766 && r.priority !== 32767);
}

/** The rule that leads to the route's table. */
export const ruleTo = (host: Host, route: Route): Rule | undefined =>
  rulesOf(host, route.prefix.address.family).find((r) => r.action.kind === 'table' && r.action.table === route.table);
