import type { LogFormat } from './log-format.ts';
import type { Happening, LogLine } from './log-line.ts';

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
  { starts: 'Disconnected from authenticating user ', happening: 'ssh-no-login', named: true, link: ' ' },
  { starts: 'Disconnected from invalid user ', happening: 'ssh-no-login', named: true, link: ' ' },
  { starts: 'Unable to negotiate with ', happening: 'ssh-no-login', named: false, link: '' },
  { starts: 'Did not receive identification string from ', happening: 'ssh-no-login', named: false, link: '' },
  { starts: 'banner exchange: Connection from ', happening: 'ssh-no-login', named: false, link: '' },
];

/**
 * What OpenSSH's server says by syslog. Whoever logs in writes the name, so where one stands before the address the address is read from
 * the line's end.
 */
export const sshdFormat: LogFormat = {
  name: 'sshd',
  read: (line) => line.text.startsWith('sshd', line.programFrom) && readMessage(line, line.messageFrom),
};

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
