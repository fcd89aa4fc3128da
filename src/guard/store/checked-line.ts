/** Where the text of a checked line begins: behind eight hexadecimal digits and a space. */
export const CHECKED_TEXT = 9;

/** A text without line feeds as a line that tells whether it is whole: a checksum, then the text. It protects against nobody. */
export const checkedLine = (text: string): string => `${checksum(text, 0).toString(16).padStart(8, '0')} ${text}`;

/** Whether such a line is as it was written. */
export function isChecked(line: string): boolean {
  if (line.charCodeAt(CHECKED_TEXT - 1) !== 32) return false;
  let sum = 0;
  for (let i = 0; i < CHECKED_TEXT - 1; i++) {
    const digit = hexDigit(line.charCodeAt(i));
    if (digit < 0) return false;
    sum = (sum << 4) | digit;
  }
  return sum >>> 0 === checksum(line, CHECKED_TEXT);
}

/** The value of a lower-case hexadecimal digit; -1 for anything else. */
function hexDigit(sign: number): number {
  if (sign >= 48 && sign <= 57) return sign - 48;
  return sign >= 97 && sign <= 102 ? sign - 87 : -1;
}

/** FNV-1a of all that follows: a tenth of the time of a hash from node:crypto, and one changed sign never fits. */
function checksum(text: string, from: number): number {
  let sum = 0x811c9dc5;
  for (let i = from; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193);
  return sum >>> 0;
}
