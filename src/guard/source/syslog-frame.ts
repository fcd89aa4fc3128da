import { syslogTime } from './local-time.ts';
import type { LogFormat } from './log-format.ts';
import type { LogLine } from './log-line.ts';
import { isoTime, type TimeReader } from './log-time.ts';

/**
 * Reads what syslog writes before a message: the time, of the old kind (RFC 3164) or the newer one, the host or none, the program. A
 * number in angle brackets may stand before all, and RFC 5424 is read too. Fills in time, program and where the message begins;
 * false when none stands there. Host and program are our own syslog's words.
 */
export function syslogFrame(clock: () => number): (line: LogLine) => boolean {
  const [old, iso] = [syslogTime(clock), isoTime()];
  return (line) => {
    const { text } = line;
    const start = text.charCodeAt(0) === 60 ? text.indexOf('>', 1) + 1 : 0;
    if (start > 6 || (start === 0 && text.charCodeAt(0) === 60)) return false;
    if (start > 0 && text.startsWith('1 ', start)) return readNew(line, start + 2, iso);
    const digit = text.charCodeAt(start) - 48;
    const isIso = digit >= 0 && digit <= 9;
    const blank = isIso ? text.indexOf(' ', start) : start + 15;
    if (blank < 0 || text.charCodeAt(blank) !== 32) return false;
    line.time = isIso ? iso.read(text, start, blank) : old.read(text, start, blank);
    return !Number.isNaN(line.time) && readProgram(line, blank + 1, start > 0);
  };
}

/** `HOST PROGRAM[PID]: `; over a socket also without a host. */
function readProgram(line: LogLine, from: number, mayMissHost: boolean): boolean {
  const { text } = line;
  const end = text.indexOf(': ', from);
  if (end < 0) return false;
  const host = text.indexOf(' ', from);
  const program = host < end ? host + 1 : mayMissHost ? from : -1;
  if (program < 0 || !isOneWord(text, program, end)) return false;
  const pid = text.indexOf('[', program);
  line.programFrom = program;
  line.programTo = pid >= 0 && pid < end ? pid : end;
  line.messageFrom = end + 2;
  return true;
}

function isOneWord(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (text.charCodeAt(at) <= 32) return false;
  return to > from;
}

/** RFC 5424: `TIME HOST PROGRAM PID ID DATA MESSAGE`. */
function readNew(line: LogLine, from: number, iso: TimeReader): boolean {
  const { text } = line;
  const ends: number[] = [];
  for (let at = from; ends.length < 5; at = ends.at(-1)! + 1) {
    const end = text.indexOf(' ', at);
    if (end < 0) return false;
    ends.push(end);
  }
  const data = dataEnd(text, ends[4]! + 1);
  line.time = iso.read(text, from, ends[0]!);
  line.programFrom = ends[1]! + 1;
  line.programTo = ends[2]!;
  line.messageFrom = text.startsWith('\u{ef}\u{bb}\u{bf}', data + 1) ? data + 4 : data + 1;
  return data >= 0 && !Number.isNaN(line.time);
}

/** Where structured data end: `-`, or pieces in brackets with values in quotes. */
function dataEnd(text: string, from: number): number {
  if (text.charCodeAt(from) === 45) return from + 1;
  let isQuoted = false;
  for (let at = from; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (isQuoted && c === 92) at++;
    else if (c === 34) isQuoted = !isQuoted;
    else if (!isQuoted && c === 93 && text.charCodeAt(at + 1) !== 91) return at + 1;
  }
  return -1;
}

/** A format whose lines are messages of syslog. */
export function inSyslog(format: LogFormat, clock: () => number): LogFormat {
  const frame = syslogFrame(clock);
  return { name: format.name, read: (line) => frame(line) && format.read(line) };
}

/**
 * A format whose lines may be messages of syslog. For formats alone whose own lines can't begin as syslog does: those in which an address
 * or a brace comes first.
 */
export function maybeInSyslog(format: LogFormat, clock: () => number): LogFormat {
  const framed = inSyslog(format, clock);
  return {
    name: format.name,
    read(line) {
      if (format.read(line)) return true;
      line.take(line.text);
      return framed.read(line);
    },
  };
}
