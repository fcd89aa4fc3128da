import { formatPrefix, hostPrefix, sameAddress } from '../../ip/index.ts';
import {
  proposed,
  type Chain,
  type Change,
  type FilterRule,
  type FilterTable,
  type Host,
  type RulePlace,
} from '../../model/index.ts';
import type { Hop } from '../../trace/index.ts';
import type { Failure } from '../failure.ts';
import { prefixAround } from '../network-prefix.ts';
import { byInterface, inPrefix } from './accept-rule.ts';
import type { Remedy } from './remedy.ts';

/** A host on the way there speaks in its own name for those behind it. */
export function masqueradeRemedies(failure: Failure): Remedy[] {
  const { network, trace, direction } = failure;
  const isOwnAddressWanted = trace.outcome === 'private-on-internet' || trace.outcome === 'fabric-dropped';
  const hop = direction === 'there' && isOwnAddressWanted ? failure.hop : speaker(failure);
  if (hop?.out == null || hop.in === null) return [];
  const host = network.hosts.get(hop.host)!;
  const source = prefixAround(network, hop.before.source);
  // where the destination was translated before, the others keep their addresses
  const isTranslated = !sameAddress(hop.before.destination, hop.after.destination);
  const only = isTranslated ? hostPrefix(hop.after.destination) : null;
  const rule: FilterRule = {
    statements: [
      inPrefix('saddr', source),
      ...(only ? [inPrefix('daddr', only)] : []),
      byInterface('oifname', hop.out),
      { kind: 'masquerade' },
    ],
    fact: proposed(`masquerade ${formatPrefix(source)}${only ? ` to ${formatPrefix(only)}` : ''} out of ${hop.out}`),
  };
  const { place, newTable } = natPlace(host, source.address.family);
  const change: Change = { kind: 'add-rule', host: host.name, place, rule, ...(newTable ? { newTable } : {}) };
  return [{ kind: 'masquerade', host: host.name, changes: [change] }];
}

/** The server of the tunnel that the question came through, else the last host before the target. */
function speaker({ network, trip }: Failure): Hop | undefined {
  const { outcome, hops } = trip.forward;
  if (hops.length < 3 || (outcome !== 'delivered' && outcome !== 'filtered' && outcome !== 'rejected'))
    return undefined;
  const between = hops.slice(1, -1);
  const server = between.find((h) =>
    network.tunnels.some((t) => t.server.host === h.host && t.server.interface === h.in),
  );
  return server ?? between.at(-1);
}

interface NatPlace {
  readonly place: RulePlace;
  readonly newTable?: FilterTable;
}

/** The host's own translation chain, or a new one in the language its firewall already speaks. */
export function natPlace(host: Host, family: 4 | 6): NatPlace {
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
