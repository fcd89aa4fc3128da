import type { Change, VirtualServer } from '../../model/index.ts';
import type { Failure } from '../failure.ts';
import { missedVirtualServer } from '../missed-virtual-server.ts';
import { takesAll } from './new-route.ts';
import { ruleWithTable } from './new-rule.ts';
import type { Remedy } from './remedy.ts';

/** What lets a virtual server take the marked packet. */
export function missedRemedies({ network, trip }: Failure): Remedy[] {
  const missed = missedVirtualServer(network, trip);
  if (!missed) return [];
  const { host } = missed.named;
  if (!missed.isSentOn) {
    const put = (kind: Remedy['kind'], server: VirtualServer): Remedy => ({
      kind,
      host,
      changes: [{ kind: 'set-virtual-server', host, server }],
    });
    if (missed.configured) return [put('start-virtual-server', missed.configured)];
    return missed.standIns.map((server) => put('add-virtual-server', server));
  }
  const { family } = missed.hop.after;
  const picks = { mark: { value: missed.mark, mask: 0xffffffff } };
  const changes: readonly Change[] | null = ruleWithTable(
    network.hosts.get(host)!,
    family,
    { picks, words: `fwmark ${missed.mark}` },
    (table) => takesAll(family, table),
  );
  return changes ? [{ kind: 'take-in-marked', host, changes }] : [];
}
