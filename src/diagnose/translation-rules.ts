import type { Fact } from '../ip/index.ts';
import type { Host } from '../model/index.ts';

/** The rules of the host that would hide a source address, in the order of its tables. */
export function translationRules(host: Host, family: 4 | 6): readonly Fact[] {
  const isSpoken = (f: string): boolean => f === 'inet' || f === (family === 4 ? 'ip' : 'ip6');
  return host.ruleset.tables
    .filter((t) => isSpoken(t.family))
    .flatMap((t) => [...t.chains.values()])
    .filter((c) => c.hook?.hook === 'postrouting' && c.hook.type === 'nat')
    .flatMap((c) => c.rules)
    .filter((r) => r.statements.some((s) => s.kind === 'masquerade' || s.kind === 'snat'))
    .map((r) => r.fact);
}
