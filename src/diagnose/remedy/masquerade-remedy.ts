import { formatPrefix, type Fact } from '../../ip/index.ts';
import type { Chain, FilterRule, FilterTable, Host, RulePlace } from '../../model/index.ts';
import type { Failure } from '../failure.ts';
import { prefixAround } from '../network-prefix.ts';
import { byInterface, inPrefix } from './accept-rule.ts';
import type { Remedy } from './remedy.ts';

/** The last host before the target speaks in its own name for those behind it. */
export function masqueradeRemedies({ network, trip }: Failure): Remedy[] {
  if (trip.forward.outcome !== 'delivered' && trip.forward.outcome !== 'filtered') return [];
  const hops = trip.forward.hops;
  const last = hops.at(-2);
  if (!last || hops.length < 3 || last.out === null) return [];
  const host = network.hosts.get(last.host)!;
  const source = prefixAround(network, last.before.source);
  const rule: FilterRule = {
    statements: [inPrefix('saddr', source), byInterface('oifname', last.out), { kind: 'masquerade' }],
    fact: proposed(`masquerade ${formatPrefix(source)} out of ${last.out}`),
  };
  const { place, newTable } = natPlace(host, source.address.family);
  const change = { kind: 'add-rule', host: host.name, place, rule, ...(newTable ? { newTable } : {}) } as const;
  return [{ kind: 'masquerade', host: host.name, changes: [change] }];
}

const proposed = (text: string): Fact => ({ source: 'proposed change', line: 0, text });

interface NatPlace {
  readonly place: RulePlace;
  readonly newTable?: FilterTable;
}

/** The host's own translation chain, or a new one in the language its firewall already speaks. */
function natPlace(host: Host, family: 4 | 6): NatPlace {
  const tableFamily = family === 4 ? 'ip' : 'ip6';
  for (const table of host.ruleset.tables) {
    if (table.family !== tableFamily && table.family !== 'inet') continue;
    const chain = [...table.chains.values()].find((c) => c.hook?.hook === 'postrouting' && c.hook.type === 'nat');
    if (chain)
      return { place: { family: table.family, table: table.name, chain: chain.name, index: chain.rules.length } };
  }
  const engine = host.ruleset.tables.some((t) => t.engine === 'iptables') ? 'iptables' : 'nftables';
  const [table, name] = engine === 'iptables' ? ['nat', 'POSTROUTING'] : ['waymark', 'postrouting'];
  const chain: Chain = {
    name,
    hook: { hook: 'postrouting', type: 'nat', priority: 100, policy: 'accept' },
    rules: [],
    fact: proposed(`chain ${name}`),
  };
  const newTable: FilterTable = {
    family: tableFamily,
    name: table,
    engine,
    chains: new Map([[name, chain]]),
    sets: new Map(),
  };
  return { place: { family: tableFamily, table, chain: name, index: 0 }, newTable };
}
