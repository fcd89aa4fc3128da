import { createHash } from 'node:crypto';

/** A text without line feeds as a line that tells whether it is whole: a checksum, then the text. It protects against nobody. */
export const checkedLine = (text: string): string => `${checksum(text)} ${text}`;

/** The text of such a line; null when it is damaged. */
export function checkedText(line: string): string | null {
  const text = line.slice(9);
  return line[8] === ' ' && checksum(text) === line.slice(0, 8) ? text : null;
}

const checksum = (text: string): string => createHash('sha1').update(text).digest('hex').slice(0, 8);
