/** A sheet of squared paper for drawing with characters. Grows as it is written on. */
export class Cells {
  readonly #rows: string[][] = [];

  /** Writes the text from the cell to the right; an empty text changes nothing. */
  put(x: number, y: number, text: string): void {
    while (this.#rows.length <= y) this.#rows.push([]);
    const row = this.#rows[y]!;
    for (const [i, character] of Array.from(text).entries()) {
      while (row.length <= x + i) row.push(' ');
      row[x + i] = character;
    }
  }

  /** The same character over a rectangle, both ends included. */
  fill(from: { x: number; y: number }, to: { x: number; y: number }, character: string): void {
    for (let y = from.y; y <= to.y; y++) this.put(from.x, y, character.repeat(to.x - from.x + 1));
  }

  /** The lines from the top, without spaces at their ends. */
  lines(): string[] {
    return this.#rows.map((row) => row.join('').trimEnd());
  }
}
