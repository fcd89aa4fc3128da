import type { GuardSettings } from '../../../guard/index.ts';
import type { Machine, RunResult } from '../../../host/index.ts';
import type { Diagnostic } from '../../../ip/index.ts';

/** Whether connections of IPVS are tracked: Linux, Documentation/networking/ipvs-sysctl.rst. */
const SWITCH = '/proc/sys/net/ipv4/vs/conntrack';

/** Where is kept what it was before: a guard that is killed does not put it back, the next one does. */
const formerFile = ({ folder }: GuardSettings): string => `${folder}/vs-conntrack`;

/** Has connections of IPVS tracked, so that open ones can be ended. Codes: `component-missing`, `command-failed`, those of `Machine.writeFile`. */
export async function trackIpvs(machine: Machine, settings: GuardSettings): Promise<readonly Diagnostic[]> {
  await machine.run(['modprobe', 'ip_vs']);
  const now = await machine.readFile(SWITCH);
  if (!now.ok) {
    const message = 'this kernel has no IPVS, which Keepalived leads visitors with';
    return [{ code: 'component-missing', severity: 'error', message, hint: 'modprobe ip_vs' }];
  }
  if (now.value.trim() === '1') return [];
  const kept = await machine.writeFile(formerFile(settings), now.value);
  if (!kept.ok) return [{ severity: 'error', ...kept }];
  const { code, stderr } = await turn(machine, '1');
  return code === 0 ? [] : [{ code: 'command-failed', severity: 'error', message: stderr.trim() }];
}

/** Writes into a file that has no mode to set. */
const turn = (machine: Machine, value: string): Promise<RunResult> =>
  machine.run(['tee', SWITCH], { stdin: `${value}\n` });

/** Puts back what was there before. */
export async function untrackIpvs(machine: Machine, settings: GuardSettings): Promise<void> {
  const former = await machine.readFile(formerFile(settings));
  if (!former.ok) return;
  await turn(machine, former.value.trim());
  await machine.remove(formerFile(settings));
}
