/** What became of a message that a visitor sent with the page's form. */
export type AppealOutcome =
  | 'sent'
  /** From this visitor, about this block, or in all. */
  | 'too-many'
  /** Empty, too long, or no form at all. */
  | 'unreadable'
  | 'failed'
  /** The visitor is not blocked any more. */
  | 'over';

/**
 * The sentences of one language. `{site}` stands for the site's name; all else is taken as it is.
 */
export interface Words {
  /** BCP 47 tag, such as `en` or `pt-BR`: what browsers ask for, and what dates are written in. */
  readonly language: string;
  readonly direction: 'ltr' | 'rtl';
  /** The heading when an end is set. */
  readonly heading: string;
  /** The heading when none is. */
  readonly headingOpen: string;
  readonly lead: string;
  /** Stands for `{site}` at the start of a sentence when the site has no name. */
  readonly thisSite: string;
  readonly reason: string;
  readonly until: string;
  /** In place of the time behind `until`, when no end is set. */
  readonly noEnd: string;
  readonly afterEnd: string;
  readonly address: string;
  readonly reference: string;
  readonly helpHeading: string;
  /** With a phone number or an e-mail address below. */
  readonly help: string;
  /** With none. */
  readonly helpAlone: string;
  readonly phone: string;
  readonly email: string;
  /** The subject of the e-mail; `{reference}` stands for the reference. */
  readonly subject: string;
  readonly shared: string;
  /** Over the form by which visitors write to the operator. */
  readonly appealHeading: string;
  readonly appealHelp: string;
  readonly appealMessage: string;
  /** How the visitor can be reached. */
  readonly appealReach: string;
  readonly appealSend: string;
  /** What became of the message: one for each `AppealOutcome`. */
  readonly appealSent: string;
  readonly appealTooMany: string;
  readonly appealUnreadable: string;
  readonly appealFailed: string;
  readonly appealOver: string;
}
