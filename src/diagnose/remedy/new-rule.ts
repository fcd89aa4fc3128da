import type { Family } from '../../ip/index.ts';
import { defaultRules, proposed, TABLE, type Change, type Host, type Route, type Rule } from '../../model/index.ts';

/** What picks the packets of a policy rule, with the same in words. */
interface Picks {
  readonly picks: Partial<Rule>;
  readonly words: string;
}

/**
 * A policy rule in front of all but the kernel's first, with one route in a table of its own (numbers from 200 on). None
 * where no priority is left there.
 */
export function ruleWithTable(
  host: Host,
  family: Family,
  { picks, words }: Picks,
  routeIn: (table: number) => Route,
): readonly Change[] | null {
  const own = host.rules.filter((r) => r.family === family);
  const later = (own.length > 0 ? own : defaultRules(family)).map((r) => r.priority).filter((p) => p > 0);
  const priority = Math.min(...later, LAST) - 1;
  if (priority <= 0) return null;
  const table = freeTable(host);
  const rule: Rule = {
    family,
    priority,
    not: false,
    ...picks,
    action: { kind: 'table', table },
    fact: proposed(`${words} lookup ${table}`),
  };
  return [
    { kind: 'add-policy-rule', host: host.name, rule },
    { kind: 'add-route', host: host.name, route: routeIn(table), by: 'hand' },
  ];
}

/** That of the kernel's rule for table main. */
const LAST = 32766;
const FIRST_TABLE = 200;

function freeTable(host: Host): number {
  const taken = new Set([
    ...host.routes.map((r) => r.table),
    ...host.rules.map((r) => (r.action.kind === 'table' ? r.action.table : TABLE.main)),
  ]);
  let table = FIRST_TABLE;
  // 253 to 255 are the kernel's
  while (taken.has(table) || (table >= TABLE.default && table <= TABLE.local)) table++;
  return table;
}
