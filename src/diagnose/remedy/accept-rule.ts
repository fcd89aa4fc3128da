import { formatPrefix, type Fact, type Prefix } from '../../ip/index.ts';
import type { Chain, Field, FilterRule, FilterTable, Host, HookName, RulePlace, Statement } from '../../model/index.ts';

/** The statement that a header field lies in a block. */
export function inPrefix(which: 'saddr' | 'daddr', prefix: Prefix): Statement {
  const field: Field = prefix.address.family === 4 ? `ip.${which}` : `ip6.${which}`;
  const entries = [{ key: { kind: 'prefix', prefix } as const }];
  return { kind: 'member', left: { kind: 'field', field }, negated: false, of: { kind: 'inline', entries } };
}

/** The statement that a packet comes in or goes out by an interface. */
export const byInterface = (key: 'iifname' | 'oifname', name: string): Statement => ({
  kind: 'match',
  left: { kind: 'meta', key },
  op: '==',
  right: { kind: 'text', text: name },
});

/** The statement that a packet belongs to a conversation that the other side opened. */
export const ofKnownConnection: Statement = {
  kind: 'member',
  left: { kind: 'ct', key: 'state' },
  negated: false,
  of: {
    kind: 'inline',
    entries: [{ key: { kind: 'text', text: 'established' } }, { key: { kind: 'text', text: 'related' } }],
  },
};

/** A rule that lets through what the statements match. */
export function acceptRule(statements: readonly Statement[], text: string): FilterRule {
  const fact: Fact = { source: 'proposed change', line: 0, text };
  return { statements: [...statements, { kind: 'verdict', verdict: { kind: 'accept' } }], fact };
}

/** `10.8.0.0/24 to 10.5.5.0/24`, for a proposed rule's text. */
export const betweenWords = (source: Prefix, destination: Prefix): string =>
  `from ${formatPrefix(source)} to ${formatPrefix(destination)}`;

/** The base chain of a hook in the table that a trace named, as `ip filter`, and the first place in it. */
export function firstPlace(host: Host, tableName: string, hook: HookName): RulePlace | null {
  for (const table of host.ruleset.tables) {
    if (`${table.family} ${table.name}` !== tableName) continue;
    const chain = baseChain(table, hook);
    if (chain)
      return { family: table.family, table: table.name, chain: dockerUser(table, hook)?.name ?? chain.name, index: 0 };
  }
  return null;
}

const baseChain = (table: FilterTable, hook: HookName): Chain | undefined =>
  [...table.chains.values()].find((c) => c.hook?.hook === hook && c.hook.type === 'filter');

/** Docker puts its chains in front of everything and leaves DOCKER-USER to the administrator. */
const dockerUser = (table: FilterTable, hook: HookName): Chain | undefined =>
  hook === 'forward' ? table.chains.get('DOCKER-USER') : undefined;
