import type { Machine } from '../../host/index.ts';

/** The process of Keepalived that its pid file names; null when none runs, or the number is another program's by now. */
export async function keepalivedProcess(machine: Machine, pidFile: string): Promise<string | null> {
  const number = await machine.readFile(pidFile);
  const process = number.ok ? number.value.trim() : '';
  const name = /^\d+$/.test(process) ? await machine.readFile(`/proc/${process}/comm`) : null;
  return name?.ok === true && name.value.trim() === 'keepalived' ? process : null;
}
