/** V8 keeps a piece this long or longer as a window on the text it was cut from (SlicedString::kMinLength). */
const WINDOW = 13;
const MOST = 4096;

/** The same text, without holding the long one in memory that it may have been cut from. */
export const ownText = (text: string): string =>
  // the only way to a copy that keeps lone surrogates
  text.length < WINDOW ? text : (JSON.parse(JSON.stringify(text)) as string);

/** Gives the same string object for the same text, as long as it remembers it. */
export class TextPool {
  readonly #texts = new Map<string, string>();
  /** The same text often comes many times in a row: to compare costs less than to search. */
  #last = '';

  shared(text: string): string {
    return text === this.#last ? this.#last : (this.#last = this.#found(text));
  }

  #found(text: string): string {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    // texts that are all different must not pile up here
    if (this.#texts.size >= MOST) this.#texts.clear();
    const own = ownText(text);
    this.#texts.set(own, own);
    return own;
  }
}
