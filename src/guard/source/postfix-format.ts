import type { LogFormat } from './log-format.ts';
import type { Happening, LogLine } from './log-line.ts';

/** What stands before `NAME[ADDRESS]`, and what must stand behind it. The name is Postfix's own word: of letters, digits, dots, dashes. */
interface Message {
  readonly starts: RegExp;
  readonly behind: RegExp;
  readonly happening: Happening;
}

// smtpd_sasl_glue.c, smtpd_check.c, smtpd.c; each begins at the message's begin, so that no text of others comes before the address
const MESSAGES: readonly Message[] = [
  { starts: /^warning: /, behind: /^: SASL \S+ authentication failed:/, happening: 'mail-failure' },
  { starts: /^lost connection after AUTH from /, behind: /^$/, happening: 'mail-failure' },
  {
    starts: /^\w+: reject: RCPT from /,
    behind: /^: [45]\d\d [45]\.\d\.\d <[^ ]*>: Relay access denied;/,
    happening: 'mail-relay',
  },
  {
    starts: /^\w+: reject: RCPT from /,
    behind: /^: [45]\d\d 5\.1\.[01] <[^ ]*>: Recipient address rejected: (User unknown|undeliverable address)/,
    happening: 'mail-unknown-user',
  },
];

/** Name of a computer that Postfix looked up, and its address. */
const CLIENT = /^[\w.-]{1,255}\[([0-9A-Fa-f.:]{2,45})\]/;

/** So much of a message is looked at. */
const LOOKED_AT = 1024;

/** What Postfix' servers say by syslog, also under other names (`postfix-out/smtpd`, `postfix/submission/smtpd`). */
export const postfixFormat: LogFormat = {
  name: 'postfix',
  read(line) {
    if (!line.text.startsWith('postfix', line.programFrom) || !line.text.endsWith('/smtpd', line.programTo))
      return false;
    const said = line.text.slice(line.messageFrom, line.messageFrom + LOOKED_AT);
    return MESSAGES.some((message) => readMessage(line, said, message));
  },
};

function readMessage(line: LogLine, said: string, { starts, behind, happening }: Message): boolean {
  const start = starts.exec(said)?.[0].length ?? -1;
  const client = start < 0 ? null : CLIENT.exec(said.slice(start));
  if (!client) return false;
  const end = start + client[0].length;
  if (!behind.test(said.slice(end))) return false;
  line.happening = happening;
  line.addressTo = line.messageFrom + end - 1;
  line.addressFrom = line.addressTo - client[1]!.length;
  readUser(line, happening === 'mail-failure' ? 'sasl_username=' : ' to=<', line.messageFrom + end);
  return true;
}

/** The name counts only as one that differs from others: whoever writes it wins nothing. */
function readUser(line: LogLine, before: string, from: number): void {
  const at = line.text.indexOf(before, from);
  if (at < 0) return;
  line.userFrom = at + before.length;
  const end = line.text.indexOf(before === ' to=<' ? '>' : ',', line.userFrom);
  line.userTo = end < 0 ? line.text.length : end;
}
