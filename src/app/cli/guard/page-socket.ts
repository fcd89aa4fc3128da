import type { GuardSettings } from '../../../guard/index.ts';
import type { Machine } from '../../../host/index.ts';
import type { Result } from '../../../ip/index.ts';

/** Where the page asks about its visitors. */
export const pageSocket = ({ socket }: GuardSettings): string => `${socket}.page`;

/** Asks the guard as the page may: the one of this machine, else the one that the settings name. Codes: those of `Machine.ask`. */
export async function askAsPage(
  machine: Machine,
  settings: GuardSettings,
  line: string,
  timeoutMs: number,
): Promise<Result<string>> {
  const here = await machine.ask(pageSocket(settings), line, timeoutMs);
  const { ask } = settings.delivery;
  return here.ok || here.code !== 'file-missing' || !ask ? here : machine.ask(ask, line, timeoutMs);
}
