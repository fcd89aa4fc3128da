import type { Address } from '../../ip/index.ts';

const DAY_MS = 86_400_000;
/** An IPv6 address and the longest time, with room to spare. */
const MOST_BYTES = 96;
const COMMA = 44;
const BLANK = 32;
const DOT = 46;
const COLON = 58;
const ZERO = 48;
const HEX = Buffer.from('0123456789abcdef');
const TIMEOUT = Buffer.from(' timeout ');

/** Elements as nft reads them, joined by commas: as bytes, since a million short texts would keep the collector busy for longer. */
export class ElementBytes {
  #bytes = Buffer.allocUnsafe(4096);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** A copy. */
  get bytes(): Buffer {
    return Buffer.from(this.#bytes.subarray(0, this.#length));
  }

  clear(): void {
    this.#length = 0;
  }

  /** Adds an address with the time it has left, in milliseconds; null for one that stays. */
  add(address: Address, left: number | null): void {
    if (this.#length + MOST_BYTES > this.#bytes.length)
      this.#bytes = Buffer.concat([this.#bytes, Buffer.allocUnsafe(this.#bytes.length)]);
    if (this.#length > 0) {
      this.#byte(COMMA);
      this.#byte(BLANK);
    }
    if (address.family === 4) this.#quad(address.w3);
    else this.#groups(address);
    if (left !== null) this.#timeout(Math.max(1, Math.floor(left)));
  }

  #quad(word: number): void {
    for (let shift = 24; shift >= 0; shift -= 8) {
      this.#number((word >>> shift) & 255);
      if (shift > 0) this.#byte(DOT);
    }
  }

  /** All eight groups: `2001:db8:0:0:0:0:0:1`. */
  #groups({ w0, w1, w2, w3 }: Address): void {
    this.#word(w0);
    this.#byte(COLON);
    this.#word(w1);
    this.#byte(COLON);
    this.#word(w2);
    this.#byte(COLON);
    this.#word(w3);
  }

  #word(word: number): void {
    this.#group(word >>> 16);
    this.#byte(COLON);
    this.#group(word & 0xffff);
  }

  #group(group: number): void {
    let shift = 12;
    while (shift > 0 && group >>> shift === 0) shift -= 4;
    for (; shift >= 0; shift -= 4) this.#byte(HEX[(group >>> shift) & 15]!);
  }

  /** `1d3600s0ms`: nft takes at most eight digits of each, 28 hours of milliseconds. */
  #timeout(left: number): void {
    this.#bytes.set(TIMEOUT, this.#length);
    this.#length += TIMEOUT.length;
    this.#number(Math.floor(left / DAY_MS));
    this.#byte(0x64);
    this.#number(Math.floor((left % DAY_MS) / 1000));
    this.#byte(0x73);
    this.#number(left % 1000);
    this.#byte(0x6d);
    this.#byte(0x73);
  }

  /** A number below 2^31 in decimal digits. */
  #number(number: number): void {
    let digits = 1;
    for (let most = 10; most <= number; most *= 10) digits++;
    let rest = number;
    for (let at = this.#length + digits - 1; at >= this.#length; at--) {
      const next = (rest / 10) | 0;
      this.#bytes[at] = ZERO + rest - next * 10;
      rest = next;
    }
    this.#length += digits;
  }

  #byte(byte: number): void {
    this.#bytes[this.#length++] = byte;
  }
}
