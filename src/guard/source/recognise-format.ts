import { success, type Result } from '../../ip/index.ts';
import { jsonFormat } from './json-format.ts';
import type { LogFormat } from './log-format.ts';
import { LogLine } from './log-line.ts';
import { sshdFormat } from './sshd-format.ts';
import { COMBINED, COMMON, webFormat } from './web-format.ts';

/** The formats that are known by name. `now` in milliseconds since 1970, for times without a year. */
export function knownFormats(now: number): readonly LogFormat[] {
  return [known(COMBINED, 'combined'), known(COMMON, 'common'), jsonFormat(), sshdFormat(now)];
}

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

/** A format that is known by name, or written out as web servers' configurations have it. Codes: those of `webFormat`. */
export function formatNamed(text: string, now: number): Result<LogFormat> {
  const named = knownFormats(now).find((f) => f.name === text);
  return named ? success(named) : webFormat(text);
}
