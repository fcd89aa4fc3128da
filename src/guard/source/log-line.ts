/** What a line of a log tells, as far as detectors count it. */
export const HAPPENINGS = [
  'request',
  'ssh-failure',
  'ssh-unknown-user',
  'ssh-no-login',
  'mail-failure',
  'mail-unknown-user',
  'mail-relay',
] as const;

/**
 * `request`: of a web server; `ssh-failure`: a login that failed; `ssh-unknown-user`: a login with a name that is not there;
 * `ssh-no-login`: somebody who connected and went without one; `mail-failure`: a login at a mail server that failed;
 * `mail-unknown-user`: mail for somebody who is not there; `mail-relay`: mail for somewhere else.
 */
export type Happening = (typeof HAPPENINGS)[number];

/**
 * One line of a log with what a format found in it. It is used for one line after the other, and holds positions, not texts:
 * most lines count for nothing, and making texts of them costs more than reading them.
 */
export class LogLine {
  text = '';
  /** What the positions count in: the line, or what a format made of it. */
  fields = '';
  happening: Happening = 'request';
  /** Where the message begins, behind what syslog writes before it. */
  messageFrom = 0;
  /** The name of the program that syslog writes. */
  programFrom = 0;
  programTo = 0;
  /** Milliseconds since 1970; NaN when the line does not say. */
  time = NaN;
  addressFrom = 0;
  addressTo = 0;
  methodFrom = 0;
  methodTo = 0;
  /** The path with its query, as it was asked. */
  pathFrom = 0;
  pathTo = 0;
  agentFrom = 0;
  agentTo = 0;
  userFrom = 0;
  userTo = 0;
  /** 0 when there is none. */
  status = 0;

  /** Makes it ready for another line. */
  take(text: string): void {
    this.text = this.fields = text;
    this.happening = 'request';
    this.time = NaN;
    this.messageFrom = this.programFrom = this.programTo = 0;
    this.addressFrom = this.addressTo = this.methodFrom = this.methodTo = this.pathFrom = this.pathTo = 0;
    this.agentFrom = this.agentTo = this.userFrom = this.userTo = this.status = 0;
  }
}

/** Longest piece of a line that is kept as evidence. */
const KEPT = 400;

/**
 * The line as text of its own: it keeps no block alive. Lines are read as bytes (latin1) and shown as the UTF-8 that they are;
 * bytes that would change how the others look are shown as `\u{…}`.
 */
export function wholeText(line: LogLine): string {
  return plainText(line.text.slice(0, KEPT)) + (line.text.length > KEPT ? '…' : '');
}

/** Bytes read as latin1, as printable text of their own. */
export const plainText = (latin1: string): string =>
  Buffer.from(latin1, 'latin1')
    .toString('utf8')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}]/gu, (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`);
