/** Longest line that is read; web servers limit what they log of one request to less. */
export const LONGEST_LINE = 65_536;

/** Cuts blocks of a log into its lines. */
export class LineSplitter {
  #rest = '';
  #isSkipping = false;
  /** Lines that were longer than `LONGEST_LINE` and were left out. */
  tooLong = 0;

  /** Hands over each whole line of the block, without its line feed. */
  push(block: string, onLine: (text: string) => void): void {
    const text = this.#rest === '' ? block : this.#rest + block;
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      if (this.#isSkipping) this.#isSkipping = false;
      else if (end - from > LONGEST_LINE) this.tooLong++;
      else if (end > from) onLine(text.slice(from, text.charCodeAt(end - 1) === 13 ? end - 1 : end));
      from = end + 1;
    }
    this.#keep(text, from);
  }

  #keep(text: string, from: number): void {
    if (text.length - from > LONGEST_LINE || this.#isSkipping) {
      if (!this.#isSkipping) this.tooLong++;
      this.#isSkipping = true;
      this.#rest = '';
    } else this.#rest = from === text.length ? '' : text.slice(from);
  }

  /** Characters of a line that has no end yet. */
  get pending(): number {
    return this.#rest.length;
  }

  /** The last line, when no line feed ends it. */
  end(onLine: (text: string) => void): void {
    if (this.#rest !== '') onLine(this.#rest);
    this.#rest = '';
    this.#isSkipping = false;
  }
}
