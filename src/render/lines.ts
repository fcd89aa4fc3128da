/** The text cut at spaces into lines of at most `width` characters; a longer word gets a line of its own. */
export function wrapWords(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** The text behind `head`, wrapped to `width`; further lines are indented to the head's width. */
export function hanging(head: string, text: string, width: number): string[] {
  const lines = wrapWords(text, Math.max(20, width - head.length));
  return lines.map((line, i) => (i === 0 ? head : ' '.repeat(head.length)) + line);
}

// C0, DEL, C1, and the marks that turn the direction of writing
const UNPRINTABLE = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Text from outside made fit for a terminal: nothing in it can move the cursor, colour or break the line. */
export const printable = (text: string): string => text.replace(UNPRINTABLE, '\ufffd').replaceAll('\t', ' ');
