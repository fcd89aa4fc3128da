import { LONGEST_CONTACT, LONGEST_MESSAGE, type AppealForm } from './appeal.ts';

/** Longest body of the form, in bytes: each sign may take nine, `%E2%82%AC`, or twelve as a pair of units. */
export const LONGEST_FORM = 9 * (LONGEST_MESSAGE + LONGEST_CONTACT) + 100;

/** What a body of type `application/x-www-form-urlencoded` says (URL Standard, section 5.1); null when it is none of ours. */
export function readAppealForm(body: Uint8Array): AppealForm | null {
  const fields = new URLSearchParams(Buffer.from(body).toString());
  const message = fields.get('message');
  return message === null ? null : { message, contact: fields.get('contact') ?? '' };
}
