import { parseAddress, type Address, type Diagnostic } from '../../ip/index.ts';
import type { Decision } from '../decide/decision.ts';
import type { AppealOutcome } from '../page/words/words.ts';
import { appealFromJson, cleanForm, type Appeal, type AppealForm } from './appeal.ts';
import type { AppealStore } from './appeal-store.ts';

/** What the page, or a command, asks about appeals. */
export type AppealRequest =
  /** Of the page. Nothing in it is believed but that it came from there. */
  | { readonly do: 'appeal'; readonly address: string; readonly form: AppealForm }
  | { readonly do: 'appeals' }
  /** Gives those that were open, or that were there. */
  | { readonly do: 'appeals-answered'; readonly ids: readonly number[]; readonly by: string }
  | { readonly do: 'appeals-removed'; readonly ids: readonly number[] };

/** The answer to all but `appeal`, whose answer is `{ "outcome": … }`. */
export interface AppealReply {
  readonly appeals: readonly Appeal[];
  readonly diagnostics: readonly Diagnostic[];
}

/** What answering takes. */
export interface AppealDesk {
  readonly store: AppealStore;
  /** The decisions that hold an address, the longest prefix first. */
  readonly decisionsAt: (address: Address) => readonly Decision[];
  /** Whether the page has a form at all. */
  readonly isOpen: boolean;
  /** Is told of each that was kept. */
  readonly taken?: (appeal: Appeal) => void;
}

/**
 * The line that answers one about appeals; null for a line that is about something else. Nothing that comes in makes it
 * throw. Who `may` only look can send an appeal, and read none.
 */
export async function answerAppealLine(desk: AppealDesk, line: string, may: 'all' | 'look'): Promise<string | null> {
  const request = requestOf(line);
  if (!request) return null;
  if (request.do === 'appeal') return JSON.stringify({ outcome: await take(desk, request) });
  if (may === 'look') return null;
  const { store } = desk;
  if (request.do === 'appeals') return replyLine(store.all());
  const done = await (request.do === 'appeals-answered'
    ? store.answer(request.ids, request.by)
    : store.remove(request.ids));
  return done.ok ? replyLine(done.value) : replyLine([], [{ severity: 'error', ...done }]);
}

async function take(desk: AppealDesk, { address, form }: AppealRequest & { do: 'appeal' }): Promise<AppealOutcome> {
  const cleaned = cleanForm(form);
  const visitor = parseAddress(address);
  if (!cleaned || !visitor.ok) return 'unreadable';
  if (!desk.isOpen) return 'failed';
  const decision = desk.decisionsAt(visitor.value)[0];
  if (!decision) return 'over';
  const kept = await desk.store.take(cleaned, visitor.value, decision);
  if (!kept.ok) return 'failed';
  if (kept.value) desk.taken?.(kept.value);
  return kept.value ? 'sent' : 'too-many';
}

const replyLine = (appeals: readonly Appeal[], diagnostics: readonly Diagnostic[] = []): string =>
  JSON.stringify({ appeals, diagnostics } satisfies AppealReply);

function requestOf(line: string): AppealRequest | null {
  // decisions may come by the megabyte: they are not parsed twice
  if (!/^\{"do":"appeal/.test(line)) return null;
  try {
    const json = JSON.parse(line) as Record<string, unknown>;
    if (json['do'] === 'appeals') return { do: 'appeals' };
    if (json['do'] === 'appeal') return appealOf(json);
    const { ids, by } = json;
    if (!Array.isArray(ids) || !ids.every((id) => Number.isSafeInteger(id))) return null;
    if (json['do'] === 'appeals-removed') return { do: 'appeals-removed', ids };
    return json['do'] === 'appeals-answered' && typeof by === 'string' ? { do: 'appeals-answered', ids, by } : null;
  } catch {
    return null;
  }
}

function appealOf({ address, form }: Record<string, unknown>): AppealRequest | null {
  if (typeof form !== 'object' || form === null) return null;
  const { message, contact } = form as Record<string, unknown>;
  return typeof address === 'string' && typeof message === 'string' && typeof contact === 'string'
    ? { do: 'appeal', address, form: { message, contact } }
    : null;
}

/** The line that asks. */
export const appealRequestLine = (request: AppealRequest): string => JSON.stringify(request);

/** What was answered; null when the line is no such answer. */
export function readAppealReply(line: string): AppealReply | null {
  try {
    const { appeals, diagnostics } = JSON.parse(line) as AppealReply;
    const read = appeals.map(appealFromJson);
    return read.includes(null) ? null : { appeals: read.filter((a) => a !== null), diagnostics };
  } catch {
    return null;
  }
}

const OUTCOMES: readonly AppealOutcome[] = ['sent', 'too-many', 'unreadable', 'failed', 'over'];

/** What became of an appeal; `failed` when the line does not say. */
export function readOutcome(line: string): AppealOutcome {
  try {
    const { outcome } = JSON.parse(line) as { outcome: AppealOutcome };
    return OUTCOMES.find((o) => o === outcome) ?? 'failed';
  } catch {
    return 'failed';
  }
}
