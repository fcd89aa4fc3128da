import type { Family } from '../ip/index.ts';
import { defaultRules, type Host } from '../model/index.ts';
import { formatRule, ruleAddCommand, ruleDelCommand } from '../dialect/index.ts';
import type { IpLine } from './ip-line.ts';

/** Lines for `ip -batch -` that turn the rules a kernel starts with into the host's. */
export function ruleLines(host: Host, family: Family): readonly IpLine[] {
  const wanted = host.rules.filter((r) => r.family === family);
  if (wanted.length === 0) return [];
  const before = defaultRules(family);
  const texts = { wanted: new Set(wanted.map(formatRule)), before: new Set(before.map(formatRule)) };
  const line = (command: readonly string[]): IpLine => command.filter((w) => w !== 'ip' && w !== '-6');
  return [
    ...wanted.filter((r) => !texts.before.has(formatRule(r))).map((r) => line(ruleAddCommand(r))),
    ...before.filter((r) => !texts.wanted.has(formatRule(r))).map((r) => line(ruleDelCommand(r))),
  ];
}
