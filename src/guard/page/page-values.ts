import { endWords } from './end-words.ts';
import { readable } from './escape.ts';
import type { Values } from './placeholders.ts';
import type { Contact, Visit } from './visit.ts';
import type { Words } from './words/words.ts';

/** What there is to say to one visitor in their language, not yet escaped for any format. */
export function pageValues(visit: Visit, contact: Contact, words: Words, now: number): Values {
  const end = endWords(visit.until, now, words.language);
  const reference = readable(visit.reference);
  const site = readable(contact.site ?? '');
  const phone = readable(contact.phone ?? '');
  const email = readable(contact.email ?? '');
  const filled = (text: string): string =>
    text.replace(/\{(site|reference)\}/g, (_, name) => (name === 'site' ? site || words.thisSite : reference));
  return {
    reason: readable(visit.reason),
    until: end.at,
    until_iso: end.iso,
    until_within: end.within,
    address: readable(visit.address),
    reference,
    site,
    phone,
    phone_link: phoneLink(phone),
    email,
    email_link: email === '' ? '' : emailLink(email, filled(words.subject)),
    logo: '',
    language: words.language,
    direction: words.direction,
    heading: filled(end.iso === '' ? words.headingOpen : words.heading),
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
const emailLink = (email: string, subject: string): string =>
  `mailto:${encodeURIComponent(email).replaceAll('%40', '@')}?subject=${encodeURIComponent(subject)}`;
