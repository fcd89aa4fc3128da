import { diagnose } from '../../../diagnose/index.ts';
import type { Decision, GuardSettings } from '../../../guard/index.ts';
import { formatAddress } from '../../../ip/index.ts';
import type { Network } from '../../../model/index.ts';
import { askFor, worldWithVisitor } from '../../../reach/index.ts';
import { explainText } from '../../../render/index.ts';
import { roundTrip } from '../../../trace/index.ts';
import { textOptions, type Cli } from '../context.ts';
import { networkOf } from '../load.ts';
import { withBlocked, withOwnTable } from './blocked-ruleset.ts';
import { ownTableAfter } from './own-table-after.ts';

/** A visitor's way to the site, as it is and as it would be. */
export interface Ways {
  readonly before: string;
  readonly after: string;
}

/** A block that is only looked at. */
export interface Planned {
  readonly settings: GuardSettings;
  readonly decision: Decision;
  /** What nft would read. */
  readonly nftCommands: string;
}

/**
 * How a packet of a prefix's first address comes to the site's first port and back, on this machine as it is, and once the
 * prefix is blocked. A sentence where that can't be said.
 */
export async function wayOfVisitor(cli: Cli, { settings, decision, nftCommands }: Planned): Promise<Ways | string> {
  const loaded = await networkOf(cli.machine, undefined);
  const host = [...(loaded.value?.hosts.values() ?? [])][0];
  if (!loaded.value || !host) return 'the way is not shown: the facts of this machine could not be read';
  const ruleset =
    settings.engine === 'nft'
      ? withOwnTable(host.ruleset, await ownTableAfter(cli.machine, nftCommands))
      : withBlocked(host.ruleset, decision.prefix, decision.rest);
  if (!ruleset)
    return 'the way is not shown: no guard has its rules here, or no network namespace can be made to try it in';
  const blocked = { ...loaded.value, hosts: new Map(loaded.value.hosts).set(host.name, { ...host, ruleset }) };
  const { address } = decision.prefix;
  const wayThrough = (network: Network): string | null => wayIn(cli, network, host.name, { address, settings });
  const [before, after] = [wayThrough(loaded.value), wayThrough(blocked)];
  if (before === null || after === null)
    return `the way is not shown: this machine has none to ${formatAddress(address)}`;
  return { before, after };
}

function wayIn(
  cli: Cli,
  network: Network,
  host: string,
  { address, settings }: { readonly address: Decision['prefix']['address']; readonly settings: GuardSettings },
): string | null {
  const visited = worldWithVisitor(network, host, address);
  if (!visited) return null;
  const service = { protocol: 'tcp', port: settings.ports[0]!.site } as const;
  const question = askFor(visited.network, formatAddress(address), formatAddress(visited.at), service);
  if (!question.ok) return null;
  const trip = roundTrip(visited.network, question.value);
  return explainText(visited.network, trip, diagnose(visited.network, question.value, trip), textOptions(cli, {}));
}
