import type { LogFormat } from './log-format.ts';

const RIP = ', rip=';

/**
 * What Dovecot's logins say by syslog (`login_log_format_elements` as it comes): `imap-login: … (auth failed, 3 attempts …): user=<NAME>,
 * method=PLAIN, rip=ADDRESS, lip=…`. Whoever logs in writes the name, so the address is looked for from the line's end.
 */
export const dovecotFormat: LogFormat = {
  name: 'dovecot',
  read(line) {
    const { text, messageFrom } = line;
    if (!text.startsWith('dovecot', line.programFrom)) return false;
    const login = text.indexOf('-login: ', messageFrom);
    const user = text.indexOf('user=<', messageFrom);
    const failed = text.indexOf('(auth failed, ', messageFrom);
    const rip = text.lastIndexOf(RIP);
    if (login < 0 || login - messageFrom > 20 || failed < login || user < failed || rip < user) return false;
    const end = text.indexOf(',', rip + 1);
    line.happening = 'mail-failure';
    line.addressFrom = rip + RIP.length;
    line.addressTo = end < 0 ? text.length : end;
    line.userFrom = user + 6;
    line.userTo = Math.max(line.userFrom, text.lastIndexOf('>', rip));
    return true;
  },
};
