import { parseAddress } from '../../ip/index.ts';

/** What a blocked visitor wrote to the operator, by the form of the page. */
export interface Appeal {
  /** 1 for the first that was ever kept. */
  readonly id: number;
  /** When it came, in milliseconds since 1970. */
  readonly at: number;
  /** The visitor's address, as text. */
  readonly address: string;
  /** The prefix of the decision that held it, as text. */
  readonly prefix: string;
  /** Of that decision. */
  readonly reference: string;
  /** A stranger's words: lines without controls. */
  readonly message: string;
  /** How the stranger can be reached, or so they say; empty when they did not. */
  readonly contact: string;
  /** When it was marked as answered, and by whom; null while it is open. */
  readonly answered: { readonly at: number; readonly by: string } | null;
}

/** What a visitor fills in. */
export interface AppealForm {
  readonly message: string;
  readonly contact: string;
}

/** Longest message and contact that are kept, in UTF-16 units. The form's own limits are the same. */
export const LONGEST_MESSAGE = 2000;
export const LONGEST_CONTACT = 200;

/** Controls, separators, signs that turn the direction of writing, halves of pairs: as `readable`, but lines stay lines. */
const UNREADABLE = /[^\P{Cc}\n]|[\p{Zl}\p{Zp}\p{Surrogate}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

const clean = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    .replace(UNREADABLE, ' ')
    .replace(/[^\S\n]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();

/** A form as it is kept; null when its message is empty or something of it too long. */
export function cleanForm({ message, contact }: AppealForm): AppealForm | null {
  // strangers may send much: what is far too long is not even looked at
  if (message.length > 4 * LONGEST_MESSAGE || contact.length > 4 * LONGEST_CONTACT) return null;
  const cleaned = { message: clean(message), contact: clean(contact).replace(/\n+/g, ' ') };
  const fits = cleaned.message.length <= LONGEST_MESSAGE && cleaned.contact.length <= LONGEST_CONTACT;
  return fits && cleaned.message !== '' ? cleaned : null;
}

/** The appeal that `JSON.stringify` was given; null for anything else. */
export function appealFromJson(json: unknown): Appeal | null {
  if (typeof json !== 'object' || json === null) return null;
  const { id, at, address, prefix, reference, message, contact, answered } = json as Record<string, unknown>;
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || typeof at !== 'number') return null;
  if (typeof address !== 'string' || typeof prefix !== 'string' || typeof reference !== 'string') return null;
  if (typeof message !== 'string' || typeof contact !== 'string' || !parseAddress(address).ok) return null;
  const done = answered === null ? null : answeredFrom(answered);
  return done === undefined ? null : { id, at, address, prefix, reference, message, contact, answered: done };
}

function answeredFrom(json: unknown): Appeal['answered'] | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const { at, by } = json as Record<string, unknown>;
  return typeof at === 'number' && typeof by === 'string' ? { at, by } : undefined;
}
