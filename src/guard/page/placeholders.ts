/** Where a placeholder may stand. */
type Place =
  /** Between tags, or in a quoted attribute that is no address. */
  | 'text'
  /** There, or in an attribute that holds an address: `href`, `src`. */
  | 'link'
  /** Between tags only: it brings tags of its own. */
  | 'markup';

/** What differs from visit to visit. */
const OF_VISIT = {
  heading: 'text',
  reason: 'text',
  until: 'text',
  until_iso: 'text',
  until_within: 'text',
  address: 'text',
  reference: 'text',
  email_link: 'link',
  appeal_note: 'text',
} as const satisfies Record<string, Place>;

/** What is the same for all who read one language: the settings, and the language's words. */
const OF_SITE = {
  site: 'text',
  phone: 'text',
  phone_link: 'link',
  email: 'text',
  logo: 'link',
  language: 'text',
  direction: 'text',
  lead: 'text',
  word_reason: 'text',
  word_until: 'text',
  word_no_end: 'text',
  word_after_end: 'text',
  word_address: 'text',
  word_reference: 'text',
  word_phone: 'text',
  word_email: 'text',
  help_heading: 'text',
  help: 'text',
  shared: 'text',
  appeal_action: 'link',
  appeal_heading: 'text',
  appeal_help: 'text',
  word_message: 'text',
  word_reach: 'text',
  word_send: 'text',
} as const satisfies Record<string, Place>;

/** What `{{name}}` in a template may name, and where each may stand. `time_script` writes `<time>` in local time. */
export const PLACEHOLDERS = { ...OF_VISIT, ...OF_SITE, time_script: 'markup' } as const satisfies Record<string, Place>;

/** A placeholder's name. */
export type Placeholder = keyof typeof PLACEHOLDERS;

/** What placeholders are worth for one visit, not yet escaped. Empty when there is nothing to say. */
export type VisitValues = Readonly<Record<keyof typeof OF_VISIT, string>>;

/** What placeholders are worth for a site in one language, not yet escaped. */
export type SiteValues = Readonly<Record<keyof typeof OF_SITE, string>>;

/** What all placeholders but the script are worth in one answer. */
export type Values = SiteValues & VisitValues;
