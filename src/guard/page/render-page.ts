import { hasEnd } from './end-words.ts';
import { defaultTemplate } from './default-template.ts';
import { kindOf, languageOf, type PageKind } from './negotiate.ts';
import { pageValues } from './page-values.ts';
import { problemOf } from './page-problem.ts';
import { textOf } from './page-text.ts';
import { fillTemplate, type Template } from './template.ts';
import { LANGUAGES } from './words/languages.ts';
import type { Words } from './words/words.ts';
import type { Contact, Visit } from './visit.ts';

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
}

/** An answer to send as it is. */
export interface RenderedPage {
  readonly status: PageStatus;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty for HEAD. */
  readonly body: string;
}

const CONTENT_TYPES: Readonly<Record<PageKind, string>> = {
  html: 'text/html; charset=utf-8',
  text: 'text/plain; charset=utf-8',
  problem: 'application/problem+json',
};

/** For answers that no browser shows as a document. */
const NOTHING_RUNS = "default-src 'none'; frame-ancestors 'none'";

/**
 * The page for one visitor: HTML, text or a problem document (RFC 9457), in the visitor's language. Of the request only
 * the two headers' choice and the method count; nothing of it is repeated.
 */
export function renderPage(visit: Visit, contact: Contact, wanted: Wanted, look: PageLook = {}): RenderedPage {
  const status = look.status ?? 403;
  const kind = kindOf(wanted.accept);
  const words = languageOf(wanted.acceptLanguage, look.languages ?? LANGUAGES);
  const values = { ...pageValues(visit, contact, words, wanted.now), logo: look.logo ?? '' };
  const template = look.template ?? defaultTemplate();
  const body =
    kind === 'html' ? fillTemplate(template, values) : kind === 'text' ? textOf(values) : problemOf(values, status);
  return {
    status,
    headers: {
      'Content-Type': CONTENT_TYPES[kind],
      'Content-Length': String(Buffer.byteLength(body)),
      'Content-Language': words.language,
      ...retryAfter(status, visit.until, wanted.now),
      'Cache-Control': 'no-store',
      Vary: 'Accept, Accept-Language',
      'Content-Security-Policy': kind === 'html' ? template.contentSecurityPolicy : NOTHING_RUNS,
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
      'Referrer-Policy': 'no-referrer',
      'X-Robots-Tag': 'noindex',
    },
    body: wanted.method === 'HEAD' ? '' : body,
  };
}

/** In whole seconds, rounded up; only where it means something (RFC 6585, section 4; RFC 9110, section 15.6.4). */
function retryAfter(status: PageStatus, until: number | null, now: number): Readonly<Record<string, string>> {
  if (status === 403 || !hasEnd(until)) return {};
  return { 'Retry-After': String(Math.max(1, Math.ceil((until - now) / 1000))) };
}
