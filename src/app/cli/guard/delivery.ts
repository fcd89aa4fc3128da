import { installInclude, removeInclude, type GuardSettings, type PageChange } from '../../../guard/index.ts';
import type { Machine } from '../../../host/index.ts';
import { formatAddress, sameAddress, type Diagnostic } from '../../../ip/index.ts';
import { note, type Cli } from '../context.ts';
import { stopsAt } from '../report.ts';
import { ownAddresses } from './allow-of-machine.ts';
import { forwardingFaults, markFaultsHere } from './machine-faults.ts';
import { trackIpvs, untrackIpvs } from './ipvs-conntrack.ts';

/** Whether the page is served on this machine. */
export async function isPageHere(machine: Machine, { delivery: { servers } }: GuardSettings): Promise<boolean> {
  if (servers.length === 0) return true;
  const own = await ownAddresses(machine);
  return servers.some((s) => own.some((o) => sameAddress(o.address, s.address)));
}

/**
 * What the way to the page needs beside the engine's rules: for `keepalived` a mark that is nobody else's and the virtual
 * servers; for page servers elsewhere a machine that forwards.
 */
export async function prepareDelivery(machine: Machine, settings: GuardSettings): Promise<readonly Diagnostic[]> {
  const { ports, delivery } = settings;
  const forwarding = await forwardingFaults(machine, settings);
  if (delivery.way === 'local') return forwarding;
  const tracked = await trackIpvs(machine, settings);
  if (tracked.length > 0) return tracked;
  const marks = await markFaultsHere(machine, settings);
  if (marks.some((d) => d.severity === 'error')) return marks;
  return [...forwarding, ...marks, ...(await installInclude(machine, delivery.keepalived, { ports, ...delivery }))];
}

/** Takes back what `prepareDelivery` did. Where the guard never wrote a file for Keepalived, nothing happens there. */
export async function endDelivery(machine: Machine, settings: GuardSettings): Promise<readonly Diagnostic[]> {
  const { keepalived } = settings.delivery;
  await untrackIpvs(machine, settings);
  if (!(await machine.exists(keepalived.include))) return [];
  // one that does not run has no virtual servers either
  return (await removeInclude(machine, keepalived)).filter((d) => d.severity === 'error');
}

/** Says who leads where now. */
export function tellChange(cli: Cli, { alive, faults }: PageChange): void {
  if (stopsAt(cli, faults) || alive.length === 0) return;
  note(cli, `blocked visitors are led to ${alive.map((s) => formatAddress(s.address)).join(', ')}`);
}
