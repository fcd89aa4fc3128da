import { endWords } from './end-words.ts';
import { readable } from './escape.ts';
import type { SiteValues, VisitValues } from './placeholders.ts';
import type { Contact, Visit } from './visit.ts';
import type { AppealOutcome, Words } from './words/words.ts';

/** What is the same for all visitors who read one language. */
export interface SiteWords {
  readonly values: SiteValues;
  readonly words: Words;
  /** `mailto:` up to the reference, and what follows it; both empty without an e-mail address. */
  readonly emailLink: readonly [before: string, after: string];
}

/** What there is to say to all who read a language, not yet escaped for any format. */
export function siteWords(
  contact: Contact,
  words: Words,
  { logo, appealPath }: { readonly logo: string; readonly appealPath: string },
): SiteWords {
  const site = readable(contact.site ?? '');
  const phone = readable(contact.phone ?? '');
  const email = readable(contact.email ?? '');
  const filled = (text: string): string => text.replaceAll('{site}', () => site || words.thisSite);
  const values: SiteValues = {
    site,
    phone,
    phone_link: phoneLink(phone),
    email,
    logo,
    language: words.language,
    direction: words.direction,
    lead: filled(words.lead),
    word_reason: words.reason,
    word_until: words.until,
    word_no_end: words.noEnd,
    word_after_end: filled(words.afterEnd),
    word_address: words.address,
    word_reference: words.reference,
    word_phone: words.phone,
    word_email: words.email,
    help_heading: filled(words.helpHeading),
    help: filled(phone === '' && email === '' ? words.helpAlone : words.help),
    shared: filled(words.shared),
    appeal_action: appealPath,
    appeal_heading: words.appealHeading,
    appeal_help: filled(words.appealHelp),
    word_message: words.appealMessage,
    word_reach: words.appealReach,
    word_send: words.appealSend,
  };
  return { values, words, emailLink: email === '' ? ['', ''] : emailLink(email, filled(words.subject)) };
}

const OUTCOME_WORDS = {
  sent: 'appealSent',
  'too-many': 'appealTooMany',
  unreadable: 'appealUnreadable',
  failed: 'appealFailed',
  over: 'appealOver',
} as const satisfies Record<AppealOutcome, keyof Words>;

/** What there is to say to one visitor, not yet escaped for any format. */
export function visitValues(
  visit: Visit,
  { words, emailLink: [before, after] }: SiteWords,
  { now, appeal }: { readonly now: number; readonly appeal?: AppealOutcome },
): VisitValues {
  const end = endWords(visit.until, now, words.language);
  const reference = readable(visit.reference);
  return {
    heading: end.iso === '' ? words.headingOpen : words.heading,
    reason: readable(visit.reason),
    until: end.at,
    until_iso: end.iso,
    until_within: end.within,
    address: readable(visit.address),
    reference,
    email_link: before === '' ? '' : before + encodeURIComponent(reference) + after,
    appeal_note: appeal === undefined ? '' : words[OUTCOME_WORDS[appeal]],
  };
}

/** `tel:` with digits and a leading plus only (RFC 3966, section 5.1.1: visual separators add nothing). */
function phoneLink(phone: string): string {
  const digits = phone
    .replace(/\(0\)/, '')
    .replace(/[^\d+]/g, '')
    .replace(/(?!^)\+/g, '');
  return /\d/.test(digits) ? `tel:${digits}` : '';
}

/** RFC 6068: the address's own signs are encoded but for `@`. */
function emailLink(email: string, subject: string): [string, string] {
  const [before, ...after] = subject.split('{reference}');
  const to = encodeURIComponent(email).replaceAll('%40', '@');
  return [`mailto:${to}?subject=${encodeURIComponent(before!)}`, encodeURIComponent(after.join(''))];
}
