import * as z from 'zod/mini';
import { PAGE_STATUSES, type PageStatus } from './page/render-page.ts';
import type { Contact } from './page/visit.ts';
import { fileBeside, said, settingsPart } from './settings-part.ts';

/** What visitors read. */
export interface PageSettings {
  readonly contact: Contact;
  readonly page: {
    readonly status: PageStatus;
    /** Files, with their whole paths. */
    readonly template: string | null;
    readonly logo: string | null;
    /** Tags of languages that the page speaks by itself, and files with the words of others; all of the former when null. */
    readonly languages: readonly string[] | null;
  };
}

const text = z.string();
const contact = z.strictObject({
  site: said('Name of the site, as visitors know it', z.optional(text)),
  phone: said('Whom to call', z.optional(text)),
  email: said('Whom to write to', z.optional(text)),
});
const page = z.strictObject({
  status: said('Status of the answer; 403 when not said', z.optional(z.literal(PAGE_STATUSES))),
  template: said("HTML file in place of Waymark's own page", z.optional(text)),
  logo: said('Picture: PNG, JPEG, GIF, WebP or SVG, up to 64 KiB', z.optional(text)),
  languages: said(
    'en, de, fr, es, nl, and files with the words of others; the first is for who wants none of them',
    z.optional(z.array(text).check(z.minLength(1))),
  ),
});

/** A tag such as `de` or `pt-BR` is none of a file. */
const isTag = (word: string): boolean => /^[a-z]{2,3}(-[A-Za-z0-9]+)*$/.test(word);

/** `contact`, `page`. The files are not read here. */
export const pageSettings = settingsPart({
  fields: {
    contact: said('What the page says about whom to call', z.optional(contact)),
    page: said('How the page looks and answers', z.optional(page)),
  },
  usual: { contact: {}, page: { status: 403, template: null, logo: null, languages: null } },
  read({ contact: whom = {}, page: { status, template, logo, languages } = {} }, document) {
    const file = (name: string | undefined): string | null => (name === undefined ? null : fileBeside(name, document));
    const value: PageSettings = {
      contact: whom as Contact,
      page: {
        status: status ?? 403,
        template: file(template),
        logo: file(logo),
        languages: languages?.map((word) => (isTag(word) ? word : fileBeside(word, document))) ?? null,
      },
    };
    return { value, diagnostics: [] };
  },
});
