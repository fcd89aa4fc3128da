import { includeFaults } from '../../../../guard/index.ts';
import type { Diagnostic } from '../../../../ip/index.ts';
import { forwardingFaults, markFaultsHere } from '../machine-faults.ts';
import { faultAt, type Checked } from './asked.ts';

/** What the way to the page needs on this machine. Codes: `component-missing`, `mark-taken`, `mark-shared`, `value-invalid`. */
export async function checkDelivery({ machine, settings, at }: Checked): Promise<readonly Diagnostic[]> {
  const { way, keepalived } = settings.delivery;
  const faults = [...(await forwardingFaults(machine, settings))];
  if (way === 'local') return faults;
  if (!(await machine.hasProgram('keepalived'))) {
    const message = 'there is no keepalived on this machine';
    faults.push(faultAt(at('delivery', 'way'), 'component-missing', message, 'apt-get install keepalived'));
  }
  return [...faults, ...(await markFaultsHere(machine, settings)), ...(await includeFaults(machine, keepalived))];
}
