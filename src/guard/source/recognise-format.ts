import { success, type Result } from '../../ip/index.ts';
import { dovecotFormat } from './dovecot-format.ts';
import { haproxyFormat } from './haproxy-format.ts';
import { jsonFormat } from './json-format.ts';
import type { LogFormat } from './log-format.ts';
import { LogLine } from './log-line.ts';
import { postfixFormat } from './postfix-format.ts';
import { sshdFormat } from './sshd-format.ts';
import { inSyslog, maybeInSyslog } from './syslog-frame.ts';
import { COMBINED, COMMON, OF_ALL_SITES, webFormat } from './web-format.ts';

/**
 * The formats that are known by name. `clock` gives milliseconds since 1970, for times without a year. Those that begin with an address
 * are read as messages of syslog too.
 */
export function knownFormats(clock: () => number): readonly LogFormat[] {
  const both = (format: LogFormat): LogFormat => maybeInSyslog(format, clock);
  return [
    both(known(COMBINED, 'combined')),
    both(known(COMMON, 'common')),
    known(OF_ALL_SITES, 'vhost-combined'),
    both(jsonFormat()),
    both(haproxyFormat()),
    inSyslog(anyOf('syslog', [sshdFormat, postfixFormat, dovecotFormat]), clock),
    ...[sshdFormat, postfixFormat, dovecotFormat].map((format) => inSyslog(format, clock)),
  ];
}

/** Messages of several programs in one log. */
const anyOf = (name: string, formats: readonly LogFormat[]): LogFormat => ({
  name,
  read: (line) => formats.some((format) => format.read(line)),
});

function known(text: string, name: string): LogFormat {
  const format = webFormat(text, name);
  if (!format.ok) throw new Error(`bug: ${format.message}`);
  return format.value;
}

/** Lines that are looked at to tell a format. */
const LOOKED_AT = 200;

/** The format that reads most of the first lines; null when none reads any. */
export function recogniseFormat(text: string, formats: readonly LogFormat[]): LogFormat | null {
  const lines = text.split('\n', LOOKED_AT);
  const counted = formats.map((format) => ({ format, count: lines.filter((line) => isReadBy(format, line)).length }));
  const best = counted.reduce((a, b) => (b.count > a.count ? b : a));
  return best.count === 0 ? null : best.format;
}

function isReadBy(format: LogFormat, text: string): boolean {
  const line = new LogLine();
  line.take(text);
  return format.read(line);
}

/**
 * A format that is known by name, or written out as web servers' configurations have it; `isMessage`: the lines are messages of syslog.
 * Codes: those of `webFormat`.
 */
export function formatNamed(text: string, clock: () => number, isMessage = false): Result<LogFormat> {
  const named = knownFormats(clock).find((f) => f.name === text);
  if (named) return success(named);
  const own = webFormat(text);
  return own.ok && isMessage ? success(inSyslog(own.value, clock)) : own;
}
