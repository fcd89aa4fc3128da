import {
  answerAppealLine,
  appealRequestLine,
  AppealStore,
  readAppealReply,
  type AppealReply,
  type AppealRequest,
  type GuardSettings,
} from '../../../guard/index.ts';
import type { Machine } from '../../../host/index.ts';
import { usageFault } from '../report.ts';

/** Asks the guard that runs about appeals. Where none does, they are read from the disk. Codes: those of `askGuard`. */
export async function askAppeals(
  machine: Machine,
  settings: GuardSettings,
  request: AppealRequest,
): Promise<AppealReply> {
  const line = appealRequestLine(request);
  const said = await machine.ask(settings.socket, line);
  if (said.ok) return understood(said.value);
  if (said.code !== 'file-missing') return { appeals: [], diagnostics: [{ severity: 'error', ...said }] };
  const opened = await AppealStore.open(machine, settings.folder);
  if (!opened.value) return { appeals: [], diagnostics: opened.diagnostics };
  const desk = { store: opened.value, decisionsAt: () => [], isOpen: false };
  const reply = understood((await answerAppealLine(desk, line, 'all')) ?? '');
  await opened.value.close();
  return { ...reply, diagnostics: [...opened.diagnostics, ...reply.diagnostics] };
}

function understood(line: string): AppealReply {
  const reply = readAppealReply(line);
  if (reply) return reply;
  const fault = usageFault('input-unrecognised', 'the guard gave an answer that is none', 'is it of another version?');
  return { appeals: [], diagnostics: [fault] };
}
