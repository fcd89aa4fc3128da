import { randomBytes } from 'node:crypto';
import {
  answerAppealLine,
  answerBanLine,
  answerLine,
  AppealNotices,
  AppealStore,
  REFERENCE_BYTES,
  referenceOf,
  type AllowList,
  type BanDesk,
  type Guard,
  type GuardSettings,
} from '../../../guard/index.ts';
import type { Machine } from '../../../host/index.ts';
import type { Diagnostic, Parsed } from '../../../ip/index.ts';
import { refusedOf } from './refusals.ts';

/** Whoever answers what comes over the guard's sockets. */
export interface Desk {
  /** The line that answers another, or several. */
  answer(line: string, may: 'all' | 'look'): Promise<string | Iterable<string>>;
  /** How many appeals have no answer yet. */
  readonly waiting: number;
  close(): Promise<void>;
}

/** Opens what blocked visitors wrote beside the guard. Codes: those of `AppealStore.open`. */
export async function openDesk(
  machine: Machine,
  guard: Guard,
  settings: GuardSettings,
  report: (diagnostic: Diagnostic) => void,
  allow: { readonly list: AllowList },
): Promise<Parsed<Desk | null>> {
  const { value: store, diagnostics } = await AppealStore.open(machine, settings.folder);
  if (!store) return { value: null, diagnostics };
  const notices = new AppealNotices(machine, settings.appeals, report);
  const desk = {
    store,
    decisionsAt: guard.at.bind(guard),
    isOpen: settings.appeals.form,
    taken: notices.tell.bind(notices),
  };
  const bans: BanDesk = {
    guard,
    refused: async (prefixes) => {
      const rules = { settings, allow: allow.list, isForced: false, isWideMeant: false };
      const refused = await refusedOf(machine, rules, prefixes);
      return refused.map(({ prefix, whys }) => ({ prefix, why: whys[0]! }));
    },
    reference: () => referenceOf(randomBytes(REFERENCE_BYTES)),
    now: () => machine.now().getTime(),
  };
  const value: Desk = {
    answer: async (line, may) =>
      (await answerAppealLine(desk, line, may)) ??
      (may === 'all' ? await answerBanLine(bans, line) : null) ??
      answerLine(guard, line, may),
    waiting: store.all().filter((a) => a.answered === null).length,
    close: () => {
      notices.stop();
      return store.close();
    },
  };
  return { value, diagnostics };
}
