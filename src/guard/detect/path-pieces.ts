import { decoded } from './attack-words.ts';

/** A path that counts, with the detectors that count it as bits. */
interface Wanted {
  readonly path: string;
  readonly bits: number;
}

/** Longest path that is looked at, in characters. */
const LOOKED_AT = 2048;

const LOWER = new Uint8Array(256);
for (let c = 0; c < 256; c++) LOWER[c] = c >= 65 && c <= 90 ? c + 32 : c;

const step = (hash: number, code: number): number => (Math.imul(hash, 31) + code) | 0;

/** Finds pieces of paths, whole ones between slashes, in one pass: of many thousands of paths hardly any has one. */
export class PathPieces {
  /** By the hash of the first piece. */
  readonly #byHash: (readonly Wanted[] | undefined)[] = Array<undefined>(4096).fill(undefined);

  constructor(wanted: ReadonlyMap<string, number>) {
    for (const [path, bits] of wanted) {
      let hash = 0;
      for (const c of path.split('/')[0]!) hash = step(hash, c.charCodeAt(0) & 255);
      const slot = hash & 4095;
      this.#byHash[slot] = [...(this.#byHash[slot] ?? []), { path, bits }];
    }
  }

  /** The bits of all that the path has; what stands behind a question mark does not count. */
  find(text: string, from: number, to: number): number {
    let bits = 0;
    let hash = 0;
    let piece = from;
    const end = Math.min(to, from + LOOKED_AT);
    for (let i = from; ; i++) {
      const code = i < end ? text.charCodeAt(i) : 63;
      if (code === 47 || code === 63 || code === 35) {
        const found = this.#byHash[hash & 4095];
        if (found !== undefined && i > piece) bits |= this.#check(found, text, piece, end);
        if (code !== 47) return bits;
        piece = i + 1;
        hash = 0;
      } else if (code === 37) return this.#findDecoded(text.slice(from, end));
      else hash = step(hash, LOWER[code & 255]!);
    }
  }

  #findDecoded(path: string): number {
    const plain = decoded(path);
    return plain.includes('%')
      ? this.find(plain.replaceAll('%', '_'), 0, plain.length)
      : this.find(plain, 0, plain.length);
  }

  #check(wanted: readonly Wanted[], text: string, from: number, end: number): number {
    let bits = 0;
    for (const { path, bits: its } of wanted) {
      const to = from + path.length;
      if (to > end) continue;
      const next = to < end ? text.charCodeAt(to) : 63;
      if (next !== 47 && next !== 63 && next !== 35) continue;
      if (text.slice(from, to).toLowerCase() === path) bits |= its;
    }
    return bits;
  }
}
