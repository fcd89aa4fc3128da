import { remembered } from './remembered.ts';
import type { Words } from './words/words.ts';

/** What the page comes as. */
export type PageKind = 'html' | 'text' | 'problem';

/** One member of an `Accept`-like header. */
interface Range {
  readonly name: string;
  /** 0 to 1. */
  readonly weight: number;
}

/** Most members of a header that are looked at. */
const MOST = 50;

/** `q=` as RFC 9110, section 12.4.2, has it. */
const WEIGHT = /^q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/i;

/** The members of a header, in its order. A member with a weight that is none counts for nothing. */
function ranges(header: string): readonly Range[] {
  return header
    .slice(0, 4096)
    .split(',', MOST)
    .flatMap((member) => {
      const [name, ...parameters] = member.split(';').map((part) => part.trim());
      const weight = parameters.find((p) => /^q=/i.test(p)) ?? 'q=1';
      const value = WEIGHT.exec(weight)?.[1];
      return name && value !== undefined ? [{ name: name.toLowerCase(), weight: Number(value) }] : [];
    });
}

/** What each kind is asked for by, the most exact first. HTML wins where the visitor has no wish. */
const ASKED_BY: readonly (readonly [PageKind, readonly (readonly string[])[]])[] = [
  ['html', [['text/html', 'application/xhtml+xml'], ['text/*'], ['*/*']]],
  ['text', [['text/plain'], ['text/*'], ['*/*']]],
  ['problem', [['application/problem+json', 'application/json'], ['application/*'], ['*/*']]],
];

/** How well a header asks for a kind. */
interface Fit {
  readonly kind: PageKind;
  /** 0 when it does not. */
  readonly weight: number;
  /** 0 is the most exact. */
  readonly level: number;
  /** Where in the header. */
  readonly place: number;
}

/** The weight that the most exact of the ranges gives (RFC 9110, section 12.5.1). */
function fitOf(asked: readonly Range[], [kind, levels]: (typeof ASKED_BY)[number]): Fit {
  for (const [level, names] of levels.entries()) {
    const found = asked.filter((r) => names.includes(r.name)).toSorted((a, b) => b.weight - a.weight)[0];
    if (found) return { kind, weight: found.weight, level, place: asked.indexOf(found) };
  }
  return { kind, weight: 0, level: 0, place: 0 };
}

/** Below 0 when the first fits better. Programs that list `application/json, text/plain, *\/*` mean JSON. */
const better = (a: Fit, b: Fit): number => b.weight - a.weight || a.level - b.level || a.place - b.place;

/**
 * The kind that an `Accept` header asks for. None, or an unreadable one, asks for HTML; one that takes none of the three
 * (a picture, say) gets the text, which is the shortest.
 */
export const kindOf = (accept: string | undefined): PageKind => kindAsked(accept ?? '');

const kindAsked = remembered((accept): PageKind => {
  const asked = ranges(accept);
  if (asked.length === 0) return 'html';
  const best = ASKED_BY.map((kind) => fitOf(asked, kind)).toSorted(better)[0]!;
  return best.weight > 0 ? best.kind : 'text';
});

/** The language that an `Accept-Language` header asks for (RFC 4647, section 3.4, lookup); else the first. */
export function languageOf(acceptLanguage: string | undefined, languages: readonly Words[]): Words {
  const fallback = languages[0]!;
  for (const name of languagesAsked(acceptLanguage ?? '')) {
    if (name === '*') return fallback;
    const found = lookup(name, languages);
    if (found) return found;
  }
  return fallback;
}

/** The tags of a header, the dearest first. */
const languagesAsked = remembered((acceptLanguage): readonly string[] =>
  ranges(acceptLanguage)
    .filter((r) => r.weight > 0)
    .toSorted((a, b) => b.weight - a.weight)
    .map((r) => r.name),
);

/** `de-at-1996` finds `de-at-1996`, then `de-at`, then `de`, then any German. */
function lookup(tag: string, languages: readonly Words[]): Words | undefined {
  for (let name = tag; name !== ''; name = name.slice(0, Math.max(0, name.lastIndexOf('-')))) {
    const found = languages.find((w) => w.language.toLowerCase() === name);
    if (found) return found;
  }
  const [primary] = tag.split('-');
  return languages.find((w) => w.language.toLowerCase().startsWith(`${primary!}-`));
}
