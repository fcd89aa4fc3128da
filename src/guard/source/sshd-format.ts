import type { LogFormat } from './log-format.ts';
import type { Happening, LogLine } from './log-line.ts';
import { isoTime, syslogTime } from './log-time.ts';

/** How a message begins, what it tells, and whether a user's name stands between that and the address. */
interface Message {
  readonly starts: string;
  readonly happening: Happening;
  readonly named: boolean;
  /** What stands between name and address. */
  readonly link: string;
}

const FROM = ' from ';

// auth.c auth_log(), auth2.c, packet.c sshpkt_vfatal(), kex_exchange_identification()
const MESSAGES: readonly Message[] = [
  { starts: 'Failed ', happening: 'ssh-failure', named: true, link: FROM },
  { starts: 'error: maximum authentication attempts exceeded for ', happening: 'ssh-failure', named: true, link: FROM },
  { starts: 'Invalid user ', happening: 'ssh-unknown-user', named: true, link: FROM },
  { starts: 'Connection closed by authenticating user ', happening: 'ssh-no-login', named: true, link: ' ' },
  { starts: 'Connection reset by authenticating user ', happening: 'ssh-no-login', named: true, link: ' ' },
  { starts: 'Connection closed by invalid user ', happening: 'ssh-no-login', named: true, link: ' ' },
  { starts: 'Connection reset by invalid user ', happening: 'ssh-no-login', named: true, link: ' ' },
  { starts: 'Unable to negotiate with ', happening: 'ssh-no-login', named: false, link: '' },
  { starts: 'Did not receive identification string from ', happening: 'ssh-no-login', named: false, link: '' },
  { starts: 'banner exchange: Connection from ', happening: 'ssh-no-login', named: false, link: '' },
];

/**
 * The log of OpenSSH's server by syslog, with its times or newer ones. Whoever logs in writes the name, so where one stands
 * before the address the address is read from the line's end.
 */
export function sshdFormat(now: number): LogFormat {
  const [old, iso] = [syslogTime(now), isoTime()];
  return {
    name: 'sshd',
    read(line) {
      const { text } = line;
      const digit = text.charCodeAt(0) - 48;
      const isIso = digit >= 0 && digit <= 9;
      const blank = isIso ? text.indexOf(' ') : 15;
      if (blank < 0) return false;
      line.time = isIso ? iso.read(text, 0, blank) : old.read(text, 0, blank);
      const host = text.indexOf(' ', blank + 1);
      // the name of the program is our own syslog's word
      if (Number.isNaN(line.time) || host < 0 || !text.startsWith('sshd', host + 1)) return false;
      const said = text.indexOf(': ', host);
      return said > 0 && readMessage(line, said + 2);
    },
  };
}

function readMessage(line: LogLine, from: number): boolean {
  const message = MESSAGES.find((m) => line.text.startsWith(m.starts, from));
  if (!message) return false;
  line.happening = message.happening;
  return message.named
    ? readNamed(line, from + message.starts.length, message.link)
    : readFront(line, from + message.starts.length);
}

function readFront(line: LogLine, from: number): boolean {
  const end = line.text.indexOf(' ', from);
  if (end < 0 || !line.text.startsWith(' port ', end)) return false;
  line.addressFrom = from;
  line.addressTo = end;
  return true;
}

function readNamed(line: LogLine, from: number, link: string): boolean {
  const { text } = line;
  const port = text.lastIndexOf(' port ');
  if (port < from) return false;
  const address = text.lastIndexOf(' ', port - 1) + 1;
  const user = address - link.length;
  if (user < from || !text.startsWith(link, user)) return false;
  line.addressFrom = address;
  line.addressTo = port;
  // "Failed password for [invalid user ]NAME"
  const method = text.startsWith('Failed ', from - 7) ? text.indexOf(' for ', from) : -1;
  let name = method >= 0 && method < user ? method + 5 : from;
  if (text.startsWith('invalid user ', name)) name += 13;
  line.userFrom = Math.min(name, user);
  line.userTo = user;
  return true;
}
