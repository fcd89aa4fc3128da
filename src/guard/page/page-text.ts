import type { Values } from './placeholders.ts';

/** The page as plain text, for a terminal: every line ends in a newline. */
export function textOf(v: Values): string {
  const until = v.until === '' ? v.word_no_end : v.until + (v.until_within === '' ? '' : ` (${v.until_within})`);
  const about = table([
    [v.word_reason, v.reason],
    [v.word_until, until],
    [v.word_address, v.address],
    [v.word_reference, v.reference],
  ]);
  const contact = table([
    [v.word_phone, v.phone],
    [v.word_email, v.email],
  ]);
  return [
    ...(v.appeal_note === '' ? [] : [`${v.appeal_note}\n`]),
    `${v.heading}\n\n${v.lead}\n`,
    about,
    ...(v.until === '' ? [] : [`${v.word_after_end}\n`]),
    `${v.help_heading} ${v.help}\n`,
    ...(contact === '' ? [] : [contact]),
    `${v.shared}\n`,
  ].join('\n');
}

function table(rows: readonly (readonly [name: string, value: string])[]): string {
  const told = rows.filter(([, value]) => value !== '');
  const width = Math.max(...told.map(([name]) => name.length));
  return told.map(([name, value]) => `  ${`${name}:`.padEnd(width + 1)}  ${value}\n`).join('');
}
