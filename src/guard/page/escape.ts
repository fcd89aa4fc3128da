/** Longest text that is shown of anything, in UTF-16 units. */
const LONGEST = 1000;

/**
 * What must not reach a reader: controls (a terminal would obey them), line and paragraph separators, signs that turn
 * the direction of writing (they can make a text read as another), halves of a surrogate pair.
 */
const UNREADABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Surrogate}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]+/gu;

/** A text as one readable line of at most 1000 characters: each run of unreadable ones becomes a space. */
export function readable(text: string): string {
  if (text.length <= LONGEST && /^[!-~](?:[ -~]*[!-~])?$/.test(text)) return text;
  const line = text
    .slice(0, LONGEST * 2)
    .replace(UNREADABLE, ' ')
    .trim();
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST - 1).replace(/\p{Surrogate}$/u, '')}…`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A text for HTML, between tags or inside a quoted attribute. */
export const escapeHtml = (text: string): string =>
  /[&<>"']/.test(text) ? text.replace(/[&<>"']/g, (sign) => ENTITIES[sign]!) : text;
