/** A range of numbers (ports, marks, lengths), both ends included. */
export interface NumberRange {
  readonly from: number;
  readonly to: number;
}

/** Whether the number lies in the range. */
export const inRange = (range: NumberRange, n: number): boolean => n >= range.from && n <= range.to;

/** A firewall mark with the bits that count: a packet's mark `m` matches when `(m & mask) === value`. Unsigned 32 bit. */
export interface MaskedMark {
  readonly value: number;
  readonly mask: number;
}

/** Whether a packet's mark matches. */
export const matchesMark = (m: MaskedMark, mark: number): boolean => (mark & m.mask) >>> 0 === m.value >>> 0;
