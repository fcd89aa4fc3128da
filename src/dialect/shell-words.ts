/** A word as sh reads it back: quoted only when it must be. */
export const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** Arguments as a line for sh. */
export const shellLine = (words: readonly string[]): string => words.map(shellWord).join(' ');
