import type { Appeal } from './appeal.ts';

/** Who sends and gets a mail: plain addresses. */
export interface MailTo {
  readonly from: string;
  readonly to: readonly string[];
}

/** What an appeal says, as plain text. */
export const appealWords = (appeal: Appeal): string =>
  [
    appeal.message,
    '',
    `From:      ${appeal.address}`,
    ...(appeal.contact === '' ? [] : [`Reply to:  ${appeal.contact}`]),
    `Reference: ${appeal.reference}, block of ${appeal.prefix}`,
    `Time:      ${new Date(appeal.at).toISOString()}`,
    '',
    `waymark blocked ${appeal.address}`,
    `waymark appeals ${appeal.id}`,
    '',
  ].join('\n');

/**
 * The mail for sendmail(8)'s input. What a stranger wrote stands in the body alone, in base64: it can be no header, no
 * command of a mail program, and no end of the text (RFC 5322, RFC 2045).
 */
export function appealMail(appeal: Appeal, { from, to }: MailTo): string {
  const body = Buffer.from(appealWords(appeal)).toString('base64');
  return [
    `From: ${from}`,
    `To: ${to.join(', ')}`,
    `Subject: A blocked visitor writes, no. ${appeal.id}`,
    `Date: ${new Date(appeal.at).toUTCString().replace('GMT', '+0000')}`,
    'Auto-Submitted: auto-generated',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    ...(body.match(/.{1,76}/g) ?? []),
    '',
  ].join('\n');
}
