import { failure, success, type Result } from '../../ip/index.ts';

/** No vowels and no Y, so that no words come out; no 0 and 1, which are read as O and I. */
export const REFERENCE_LETTERS = '23456789BCDFGHJKLMNPQRSTVWXZ';

/** Letters in a reference, without the hyphen. */
const LENGTH = 6;
const HALF = LENGTH / 2;
const CODE = new RegExp(`^[${REFERENCE_LETTERS}]{${LENGTH}}$`, 'i');

/** Random bytes that a reference is made of. So many that each reference is as likely as the others (to 1 in 10^10). */
export const REFERENCE_BYTES = 8;

/** A short code that can be said on the phone, such as `K7P-4QD`, from `REFERENCE_BYTES` random bytes; 481,890,304 differ. */
export function referenceOf(random: Uint8Array): string {
  if (random.length < REFERENCE_BYTES) throw new Error(`bug: a reference needs ${REFERENCE_BYTES} random bytes`);
  const base = BigInt(REFERENCE_LETTERS.length);
  let number = random.subarray(0, REFERENCE_BYTES).reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  let code = '';
  for (let i = 0; i < LENGTH; i++) {
    code += REFERENCE_LETTERS[Number(number % base)]!;
    number /= base;
  }
  return withHyphen(code);
}

/**
 * The reference as it is kept, from how somebody heard or typed it: any case, with or without hyphen and blanks. Code:
 * `value-invalid`.
 */
export function parseReference(text: string): Result<string> {
  const code = text.length > 40 ? '' : text.replaceAll(/[\s-]/g, '');
  if (CODE.test(code)) return success(withHyphen(code.toUpperCase()));
  const hint = `a reference has ${LENGTH} letters and digits, such as K7P-4QD; none of A, E, I, O, U, Y, 0, 1`;
  return failure('value-invalid', `'${text.slice(0, 40)}' is no reference`, hint);
}

const withHyphen = (code: string): string => `${code.slice(0, HALF)}-${code.slice(HALF)}`;
