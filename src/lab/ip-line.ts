import { fail } from './run-step.ts';

/** One line for `ip -batch -`, by its words. */
export type IpLine = readonly string[];

/**
 * A line as it is written: spaces of the text part words, and a value never does, whatever is in it:
 * `` ipLine`link set ${dev} up` `` has four words.
 */
export function ipLine(texts: TemplateStringsArray, ...values: readonly (string | number)[]): IpLine {
  const words: string[] = [];
  for (const [i, text] of texts.entries()) {
    const [end = '', ...more] = text.split(' ');
    words.push(`${words.pop() ?? ''}${end}`, ...more);
    if (i < values.length) words.push(`${words.pop()!}${values[i]!}`);
  }
  return words;
}

/**
 * The lines as the text that `ip -batch -` reads. Names come from foreign files, and a line break in one would be a
 * command of its own; so a word that ip would not read as one word ends the building (iproute2, lib/utils.c, makeargs:
 * white space, quotes and the back slash; getcmdline: `#`).
 */
export function batchText(lines: readonly IpLine[]): string {
  for (const word of lines.flat()) if (!isOneWord(word)) fail(`${JSON.stringify(word)} can not be a name in the lab`);
  return lines.map((words) => `${words.join(' ')}\n`).join('');
}

const isOneWord = (word: string): boolean => /^[^\s\p{Cc}"'\\#]+$/u.test(word);
