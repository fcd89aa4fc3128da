import { hasEnd, spanUntil } from './end-words.ts';
import { defaultTemplate } from './default-template.ts';
import { kindOf, languageOf, type PageKind } from './negotiate.ts';
import { siteWords, visitValues, type SiteWords } from './page-values.ts';
import type { Values } from './placeholders.ts';
import { Remembered } from './remembered.ts';
import { problemOf } from './page-problem.ts';
import { textOf } from './page-text.ts';
import { fillTemplate, settle, type SettledPart, type Template } from './template.ts';
import { LANGUAGES } from './words/languages.ts';
import type { AppealOutcome, Words } from './words/words.ts';
import type { Contact, Visit } from './visit.ts';

/** Where the page's form sends what a visitor writes. */
export const APPEAL_PATH = '/.well-known/waymark-appeal';

/** What the page may answer: "forbidden", "too many requests", "service unavailable". */
export const PAGE_STATUSES = [403, 429, 503] as const;

/** A status of the page. */
export type PageStatus = (typeof PAGE_STATUSES)[number];

/** What a request asks for, and when. */
export interface Wanted {
  readonly method: string;
  /** The `Accept` header. */
  readonly accept?: string | undefined;
  /** The `Accept-Language` header. */
  readonly acceptLanguage?: string | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The request brought a message for the operator: what became of it. */
  readonly appeal?: AppealOutcome;
}

/** How the page looks and answers, from the settings. Everything may be missing. */
export interface PageLook {
  /** 403 when not said. */
  readonly status?: PageStatus;
  /** In place of the page's own HTML. */
  readonly template?: Template;
  /** A `data:` address, from `logoFrom`. */
  readonly logo?: string;
  /** The first is for those who ask for none of them. The five shipped ones when not said. */
  readonly languages?: readonly Words[];
  /** Whether visitors can write to the operator by a form of the page. */
  readonly takesAppeals?: boolean;
}

/** An answer to send as it is. */
export interface RenderedPage {
  readonly status: PageStatus | 200 | 400;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty for HEAD. */
  readonly body: Uint8Array;
}

const APPEAL_STATUS: Readonly<Record<AppealOutcome, 200 | 400 | 429 | 503>> = {
  sent: 200,
  over: 200,
  unreadable: 400,
  'too-many': 429,
  failed: 503,
};

/** For answers that no browser shows as a document. */
const NOTHING_RUNS = "default-src 'none'; frame-ancestors 'none'";

/** What is the same for all visitors who read one language, made once. */
interface Prepared extends SiteWords {
  readonly look: PageLook;
  readonly parts: readonly SettledPart[];
  readonly pages: Remembered<RenderedPage>;
  readonly headers: Readonly<Record<PageKind, Readonly<Record<string, string>>>>;
}

const prepared = new WeakMap<Contact, Map<Words, Prepared>>();

function preparedFor(contact: Contact, look: PageLook, words: Words): Prepared {
  const known = prepared.get(contact)?.get(words);
  if (known?.look === look) return known;
  const site = siteWords(contact, words, {
    logo: look.logo ?? '',
    appealPath: look.takesAppeals ? APPEAL_PATH : '',
  });
  const { parts, contentSecurityPolicy: whole } = look.template ?? defaultTemplate();
  const policy = look.takesAppeals ? whole : whole.replace("form-action 'self'", "form-action 'none'");
  const fresh: Prepared = {
    ...site,
    look,
    parts: settle(parts, site.values),
    pages: new Remembered(),
    headers: {
      html: headersOf('text/html; charset=utf-8', words, policy),
      text: headersOf('text/plain; charset=utf-8', words, NOTHING_RUNS),
      problem: headersOf('application/problem+json', words, NOTHING_RUNS),
    },
  };
  const ofContact = prepared.get(contact) ?? new Map<Words, Prepared>();
  prepared.set(contact, ofContact.set(words, fresh));
  return fresh;
}

const headersOf = (type: string, words: Words, policy: string): Readonly<Record<string, string>> => ({
  'Content-Type': type,
  'Content-Language': words.language,
  'Cache-Control': 'no-store',
  Vary: 'Accept, Accept-Language',
  'Content-Security-Policy': policy,
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'X-Robots-Tag': 'noindex',
});

const PLAIN_LOOK: PageLook = {};
const NOTHING = new Uint8Array(0);

/**
 * The page for one visitor: HTML, text or a problem document (RFC 9457), in the visitor's language. Of the request only
 * the two headers' choice and the method count; nothing of it is repeated. It is much faster when `contact` and `look`
 * are the same objects each time.
 */
export function renderPage(visit: Visit, contact: Contact, wanted: Wanted, look: PageLook = PLAIN_LOOK): RenderedPage {
  const kind = kindFor(wanted);
  const words = languageOf(wanted.acceptLanguage, look.languages ?? LANGUAGES);
  const site = preparedFor(contact, look, words);
  const key = keyOf(visit, wanted, kind, retryAfter(visit, wanted, look));
  const page = site.pages.get(key) ?? site.pages.set(key, freshPage(visit, wanted, kind, site));
  return wanted.method === 'HEAD' ? { ...page, body: NOTHING } : page;
}

/** What became of a message is no problem document. */
function kindFor({ accept, appeal }: Wanted): PageKind {
  const asked = kindOf(accept);
  return asked === 'problem' && appeal !== undefined ? 'text' : asked;
}

/** All that a page depends on: a visitor who comes again and again costs little. What may hold a newline is last. */
const keyOf = ({ address, reference, until, reason }: Visit, { now, appeal }: Wanted, kind: PageKind, retry: string) =>
  `${kind}\n${address}\n${reference}\n${until}\n${spanUntil(until, now)}\n${appeal}\n${retry}\n${reason}`;

function freshPage(visit: Visit, wanted: Wanted, kind: PageKind, site: Prepared): RenderedPage {
  const values = visitValues(visit, site, wanted);
  const usual = site.look.status ?? 403;
  const body = kind === 'html' ? fillTemplate(site.parts, values) : bare(kind, { ...site.values, ...values }, usual);
  const headers: Record<string, string> = { ...site.headers[kind], 'Content-Length': String(body.length) };
  const retry = retryAfter(visit, wanted, site.look);
  if (retry !== '') headers['Retry-After'] = retry;
  return { status: wanted.appeal === undefined ? usual : APPEAL_STATUS[wanted.appeal], headers, body };
}

const bare = (kind: 'text' | 'problem', values: Values, status: PageStatus): Buffer =>
  Buffer.from(kind === 'text' ? textOf(values) : problemOf(values, status));

/** In whole seconds, rounded up; empty where it means nothing (RFC 6585, section 4; RFC 9110, section 15.6.4). */
function retryAfter({ until }: Visit, { now, appeal }: Wanted, { status = 403 }: PageLook): string {
  if (status === 403 || appeal !== undefined || !hasEnd(until)) return '';
  return String(Math.max(1, Math.ceil((until - now) / 1000)));
}
