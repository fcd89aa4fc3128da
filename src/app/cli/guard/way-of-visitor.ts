import { diagnose } from '../../../diagnose/index.ts';
import { formatAddress, type Address, type Prefix } from '../../../ip/index.ts';
import type { Network } from '../../../model/index.ts';
import { askFor, worldWithVisitor } from '../../../reach/index.ts';
import { explainText } from '../../../render/index.ts';
import { roundTrip, type Question, type RoundTrip } from '../../../trace/index.ts';
import { textOptions, type Cli } from '../context.ts';
import { networkOf } from '../load.ts';
import { plannedRuleset, type Plan } from './planned-ruleset.ts';

/** A visitor's way to a port of the site, as it is and as it would be; null where this machine has no way to it. */
export interface Ways {
  readonly prefix: Prefix;
  readonly port: number;
  readonly texts: { readonly before: string; readonly after: string } | null;
}

/**
 * How packets of each prefix's first address come to each port of the site and back, on this machine as it is, and once all of
 * them are blocked. A sentence where that can't be said.
 */
export async function waysOfVisitors(cli: Cli, plan: Plan): Promise<readonly Ways[] | string> {
  const loaded = await networkOf(cli.machine, undefined);
  const host = [...(loaded.value?.hosts.values() ?? [])][0];
  if (!loaded.value || !host) return 'the way is not shown: the facts of this machine could not be read';
  const ruleset = await plannedRuleset(cli.machine, host.ruleset, plan);
  if (!ruleset)
    return "the way is not shown: the guard's rules could not be tried out in a network namespace (as root they can)";
  const blocked = { ...loaded.value, hosts: new Map(loaded.value.hosts).set(host.name, { ...host, ruleset }) };
  const told = (network: Network, address: Address, port: number): string | null => {
    const visit = visitOf(network, host.name, address, port);
    if (!visit) return null;
    const findings = diagnose(visit.network, visit.question, visit.trip);
    return explainText(visit.network, visit.trip, findings, textOptions(cli, {}));
  };
  return plan.decisions.flatMap(({ prefix }) =>
    plan.settings.ports.map(({ site: port }): Ways => {
      const before = told(loaded.value!, prefix.address, port);
      const after = before === null ? null : told(blocked, prefix.address, port);
      return { prefix, port, texts: before === null || after === null ? null : { before, after } };
    }),
  );
}

/** What a visitor asks a host of a network, and what comes of it. */
export interface Visit {
  readonly network: Network;
  readonly question: Question;
  readonly trip: RoundTrip;
}

/** Somebody with that address asks the host's own address for a TCP port; null where the host has no way to them. */
export function visitOf(network: Network, host: string, address: Address, port: number): Visit | null {
  const visited = worldWithVisitor(network, host, address);
  if (!visited) return null;
  const service = { protocol: 'tcp', port } as const;
  const question = askFor(visited.network, formatAddress(address), formatAddress(visited.at), service);
  if (!question.ok) return null;
  return { network: visited.network, question: question.value, trip: roundTrip(visited.network, question.value) };
}
