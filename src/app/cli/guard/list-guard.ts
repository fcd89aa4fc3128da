import {
  DecisionStore,
  listLines,
  readReply,
  requestLine,
  type Decision,
  type GuardSettings,
} from '../../../guard/index.ts';
import type { Machine } from '../../../host/index.ts';
import type { Diagnostic } from '../../../ip/index.ts';
import { usageFault } from '../report.ts';

/** Is given decisions, some hundred at a time; the next ones wait. */
type OnPart = (decisions: readonly Decision[]) => Promise<void>;

/** How a list ended. */
export interface Listed {
  readonly diagnostics: readonly Diagnostic[];
  readonly isRunning: boolean;
}

/**
 * All decisions of the guard that runs, in parts: never more of them are here at once, however many there are. Codes: those of
 * `Machine.askLines`.
 */
export async function listRunning(machine: Machine, { socket }: GuardSettings, onPart: OnPart): Promise<Listed> {
  let fault: Diagnostic | null = null;
  const said = await machine.askLines(socket, requestLine({ do: 'list' }), async (line) => {
    const reply = readReply(line);
    if (reply) await onPart(reply.decisions);
    else fault = usageFault('input-unrecognised', 'the guard gave an answer that is none', 'is it of another version?');
    return reply?.more !== true;
  });
  if (said.ok) return { diagnostics: fault ? [fault] : [], isRunning: true };
  if (said.code === 'file-missing') return { diagnostics: [], isRunning: false };
  return { diagnostics: [{ severity: 'error', ...said }], isRunning: true };
}

/** The same, and where no guard runs those that its store keeps. Codes: also those of `DecisionStore.open`. */
export async function listDecisions(
  machine: Machine,
  settings: GuardSettings,
  onPart: OnPart,
): Promise<readonly Diagnostic[]> {
  const listed = await listRunning(machine, settings, onPart);
  if (listed.isRunning) return listed.diagnostics;
  const opened = await DecisionStore.open(machine, settings.folder);
  if (!opened.value) return opened.diagnostics;
  for (const line of listLines(opened.value.book.all(machine.now().getTime())))
    await onPart(readReply(line)!.decisions);
  await opened.value.close();
  return opened.diagnostics;
}
