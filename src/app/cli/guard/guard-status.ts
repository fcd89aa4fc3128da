import { readReply, requestLine, type GuardSettings, type GuardStatus } from '../../../guard/index.ts';
import type { Machine } from '../../../host/index.ts';
import type { Diagnostic } from '../../../ip/index.ts';

/** What the guard that runs says of itself; null when none does. */
export async function askStatus(
  machine: Machine,
  { socket }: GuardSettings,
): Promise<{ readonly status: GuardStatus | null; readonly diagnostics: readonly Diagnostic[] }> {
  const said = await machine.ask(socket, requestLine({ do: 'status' }));
  if (!said.ok)
    return { status: null, diagnostics: said.code === 'file-missing' ? [] : [{ severity: 'error', ...said }] };
  const reply = readReply(said.value);
  return { status: reply?.status ?? null, diagnostics: reply?.diagnostics ?? [] };
}

/** Whether somebody listens where the guard does. */
export async function isAnswering(machine: Machine, { socket }: GuardSettings): Promise<boolean> {
  const said = await machine.ask(socket, requestLine({ do: 'at', address: '127.0.0.1' }));
  return said.ok || said.code !== 'file-missing';
}
