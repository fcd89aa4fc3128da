import { contains } from '../../ip/index.ts';
import { TABLE } from '../../model/index.ts';
import { networkName } from '../network-prefix.ts';
import { needed } from '../needed.ts';
import type { CauseTest } from './cause-test.ts';

/** A policy rule sends the packet to a table that lacks a route which the main table has. */
export const policyRoute: CauseTest = ({ network, turns, packet, trace }) => {
  if (trace.outcome === 'filtered' || trace.outcome === 'rejected') return null;
  for (const { hop, routed } of turns) {
    const rule = routed?.rule;
    if (!routed || rule?.action.kind !== 'table' || routed.route.table === TABLE.main) continue;
    const better = network.hosts
      .get(hop.host)!
      .routes.find(
        (r) =>
          r.table === TABLE.main &&
          r.prefix.length > routed.route.prefix.length &&
          contains(r.prefix, packet.destination),
      );
    if (!better) continue;
    const table = String(routed.route.table);
    return {
      host: hop.host,
      evidence: [rule.fact, routed.route.fact, better.fact, needed(`the same in table ${table}`)],
      params: { network: networkName(network, packet.destination), route: rule.fact.text, table },
    };
  }
  return null;
};
