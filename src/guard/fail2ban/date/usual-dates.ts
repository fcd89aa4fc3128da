import { dateTemplate, type DateTemplate } from './date-template.ts';

const SEP = '(?P<_sep>[-/.])';
const SEP2 = '(?P<_sep>[-/])';

/** Kinds of dates that are tried when no `datepattern` is said: those of fail2ban, in its order. */
const USUAL: readonly string[] = [
  // 2026-11-21T10:00:00.123+01:00, 2026/11/21 10:00:00
  `%ExY${SEP}%m(?P=_sep)%d(?:T|  ?)%H:%M:%S(?:[.,]%f)?(?:\\s*%z)?`,
  // Sat Nov 21 10:00:00.123 2026, Nov 21 10:00:00
  '(?:%a )?%b %d %k:%M:%S(?:\\.%f)?(?: %ExY)?',
  // Sat Nov 21 2026 10:00:00
  '(?:%a )?%b %d %ExY %k:%M:%S(?:\\.%f)?',
  // 21/11/2026 10:00:00, 21/11/26 10:00:00
  `%d${SEP2}%m(?P=_sep)(?:%ExY|%Exy) %k:%M:%S`,
  // 21/Nov/2026:10:00:00 +0100, 21-Nov-2026 10:00:00.123
  `%d${SEP2}%b(?P=_sep)%ExY[ :]?%H:%M:%S(?:\\.%f)?(?: %z)?`,
  // 11/21/2026:10:00:00
  '%m/%d/%ExY:%H:%M:%S',
  // 11-21-2026 10:00:00.123
  '%m-%d-%ExY %k:%M:%S(?:\\.%f)?',
  'EPOCH',
  // 10:00:00
  '{^LN-BEG}%H:%M:%S',
  // <11/21/26@10:00:00>
  '^<%m/%d/%Exy@%H:%M:%S>',
  // 261121 10:00:00
  '%Exy%Exm%Exd  ?%H:%M:%S',
  // Nov 21, 2026 10:00:00 AM
  '%b %d, %ExY %I:%M:%S %p',
  // Nov-21-26 10:00:00
  '^%b-%d-%Exy %k:%M:%S',
  // 20261121T100000
  '%ExY%Exm%Exd(?:T|  ?)%ExH%ExM%ExS(?:[.,]%f)?(?:\\s*%z)?',
  // CET Nov 21 10:00:00
  '(?:%Z )?(?:%a )?%b %d %k:%M:%S(?:\\.%f)?(?: %ExY)?',
  // +01:00 Nov 21 10:00:00.123 2026
  '(?:%z )?(?:%a )?%b %d %k:%M:%S(?:\\.%f)?(?: %ExY)?',
  'TAI64N',
];

/** A date at a line's begin is preferred to one within. */
const AT_BEGIN = 100;

function templateOf(text: string, now: number, weight: number): DateTemplate {
  const template = dateTemplate(text, now, weight);
  if (!template.ok) throw new Error(`bug: ${text}: ${template.message}`);
  return template.value;
}

/** The usual kinds, first each of them at a line's begin. */
export function usualDates(now: number): readonly DateTemplate[] {
  const open = USUAL.filter((text) => !/^(?:\{\^LN-BEG\}|\^)/.test(text));
  const begins = open.map((text) => templateOf(`{^LN-BEG}${text}`, now, AT_BEGIN));
  return [...begins, ...USUAL.map((text) => templateOf(text, now, 1))];
}

/** The usual kinds within a pattern of which `{DATE}` is a part. */
export const usualDatesWithin = (pattern: string, now: number): readonly DateTemplate[] =>
  USUAL.map((text) => {
    const date = text.replace(/^\{\^LN-BEG\}/, '');
    return templateOf(
      pattern.replaceAll(/(?<!\\)\{DATE\}/gi, () => date),
      now,
      1,
    );
  });
