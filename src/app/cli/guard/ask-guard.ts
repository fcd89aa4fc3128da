import {
  answerLine,
  DecisionStore,
  Guard,
  readReply,
  requestLine,
  type Answer,
  type Engine,
  type GuardRequest,
  type GuardSettings,
} from '../../../guard/index.ts';
import type { Machine } from '../../../host/index.ts';
import { usageFault } from '../report.ts';

/** What was answered, and whether a guard runs that carries it out. */
export interface Asked extends Answer {
  readonly isRunning: boolean;
}

/** What is answered by one line. */
type Single = Exclude<GuardRequest, { do: 'list' }>;

/**
 * Asks the guard that runs. Where none does, its store is opened meanwhile: what is decided is kept, and carried out when
 * a guard starts. Codes: those of `Machine.ask` and `DecisionStore.open`.
 */
export async function askGuard(machine: Machine, settings: GuardSettings, request: Single): Promise<Asked> {
  const said = await machine.ask(settings.socket, requestLine(request));
  if (said.ok) return { ...understood(said.value), isRunning: true };
  if (said.code !== 'file-missing') {
    return { decisions: [], diagnostics: [{ severity: 'error', ...said }], isRunning: true };
  }
  const opened = await DecisionStore.open(machine, settings.folder);
  if (!opened.value) return { decisions: [], diagnostics: opened.diagnostics, isRunning: false };
  const guard = new Guard({ machine, store: opened.value, engine: NO_ENGINE });
  const answer = understood((await answerLine(guard, requestLine(request))) as string);
  await opened.value.close();
  return { ...answer, diagnostics: [...opened.diagnostics, ...answer.diagnostics], isRunning: false };
}

function understood(line: string): Answer {
  const reply = readReply(line);
  if (reply) return reply;
  const fault = usageFault('input-unrecognised', 'the guard gave an answer that is none', 'is it of another version?');
  return { decisions: [], diagnostics: [fault] };
}

const nothing = (): Promise<readonly []> => Promise.resolve([]);
const NO_ENGINE: Engine = {
  prepare: nothing,
  load: nothing,
  block: nothing,
  lift: nothing,
  verify: nothing,
  remove: nothing,
  lead: nothing,
  allow: nothing,
};
