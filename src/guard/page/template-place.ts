/** Where in HTML a position is, as far as it matters for what may be put there. */
export type HtmlPlace =
  | { readonly at: 'text' }
  /** Inside a tag, but in no quoted value. */
  | { readonly at: 'tag'; readonly element: string }
  | { readonly at: 'attribute'; readonly element: string; readonly name: string; readonly quote: string }
  /** In a `<style>` or `<script>`, whose content is not HTML. */
  | { readonly at: 'raw'; readonly element: string }
  | { readonly at: 'comment' };

/** Before the first character. */
export const IN_TEXT: HtmlPlace = { at: 'text' };

/** Attributes that hold an address, or code. */
const ADDRESSES = /^(href|src|srcset|action|formaction|data|poster|cite|background|ping|xlink:href)$/;
const CODE = /^(on.*|style|srcdoc)$/;

/** What an attribute's value is: plain text, an address, or code. */
export const attributeKind = (name: string): 'text' | 'link' | 'code' =>
  CODE.test(name) ? 'code' : ADDRESSES.test(name) ? 'link' : 'text';

/** The place behind a stretch of HTML that begins at a place. Follows tags and quotes; it does not check HTML. */
export function placeAfter(html: string, from: HtmlPlace): HtmlPlace {
  let [place, position] = [from, 0];
  while (position < html.length) {
    const { pattern, next } = EXITS[place.at](place as never);
    pattern.lastIndex = position;
    const found = pattern.exec(html);
    if (!found) break;
    [place, position] = [next(found), pattern.lastIndex];
  }
  return place;
}

/** What ends a place, and which place comes then. */
interface Exit {
  readonly pattern: RegExp;
  readonly next: (found: RegExpExecArray) => HtmlPlace;
}

type At<K extends HtmlPlace['at']> = Extract<HtmlPlace, { at: K }>;

const EXITS: { readonly [K in HtmlPlace['at']]: (place: At<K>) => Exit } = {
  // a `<` at the very end counts as a tag: what is put behind it would become its name
  text: () => ({
    pattern: /<(?:(!--)|([/!?]?[a-z][a-z0-9:-]*|[/!?]?$))/gi,
    next: (found) => (found[1] ? { at: 'comment' } : { at: 'tag', element: found[2]!.toLowerCase() }),
  }),
  tag: ({ element }) => ({
    pattern: />|([^\s"'>/=]+)\s*=\s*(["'])/g,
    next: (found) => {
      if (found[0] !== '>') return { at: 'attribute', element, name: found[1]!.toLowerCase(), quote: found[2]! };
      return element === 'style' || element === 'script' ? { at: 'raw', element } : IN_TEXT;
    },
  }),
  attribute: ({ element, quote }) => ({ pattern: new RegExp(quote, 'g'), next: () => ({ at: 'tag', element }) }),
  raw: ({ element }) => ({ pattern: new RegExp(`</${element}\\s*>`, 'gi'), next: () => IN_TEXT }),
  comment: () => ({ pattern: /-->/g, next: () => IN_TEXT }),
};
