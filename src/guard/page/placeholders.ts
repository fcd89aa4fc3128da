/** Where a placeholder may stand. */
type Place =
  /** Between tags, or in a quoted attribute that is no address. */
  | 'text'
  /** There, or in an attribute that holds an address: `href`, `src`. */
  | 'link'
  /** Between tags only: it brings tags of its own. */
  | 'markup';

/** What `{{name}}` in a template may name, and where each may stand. */
export const PLACEHOLDERS = {
  // what is known of this visit
  reason: 'text',
  until: 'text',
  until_iso: 'text',
  until_within: 'text',
  address: 'text',
  reference: 'text',
  // from the settings
  site: 'text',
  phone: 'text',
  phone_link: 'link',
  email: 'text',
  email_link: 'link',
  logo: 'link',
  // the visitor's language
  language: 'text',
  direction: 'text',
  heading: 'text',
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
  // writes each <time> in the visitor's own time zone
  time_script: 'markup',
} as const satisfies Record<string, Place>;

/** A placeholder's name. */
export type Placeholder = keyof typeof PLACEHOLDERS;

/** What each placeholder is worth in one answer, not yet escaped. Empty when there is nothing to say. */
export type Values = Readonly<Record<Exclude<Placeholder, 'time_script'>, string>>;
