/** A range of numbers (ports, marks, lengths), both ends included. */
export interface NumberRange {
  readonly from: number;
  readonly to: number;
}

/** Whether the number lies in the range. */
export const inRange = (range: NumberRange, n: number): boolean => n >= range.from && n <= range.to;

/** A firewall mark with the bits that count; bits of `value` outside `mask` do not. Unsigned 32 bit. */
export interface MaskedMark {
  readonly value: number;
  readonly mask: number;
}

/** Whether a packet's mark matches, as policy rules compare it (fib_rule_match). */
export const matchesMark = (m: MaskedMark, mark: number): boolean => ((mark ^ m.value) & m.mask) === 0;
