import * as z from 'zod/mini';
import type { Diagnostic } from '../ip/index.ts';
import { fileBeside, said, settingsPart } from './settings-part.ts';
import type { LogFormat } from './source/log-format.ts';
import { formatNamed } from './source/recognise-format.ts';

/** A log that the guard reads. */
export interface LogSetting {
  readonly file: string;
  /** Null: the first lines tell. */
  readonly format: LogFormat | null;
}

/** What the guard reads, and how much it may do for it. */
export interface LogsSettings {
  readonly logs: readonly LogSetting[];
  /** So many are blocked in a minute at most for what logs tell. */
  readonly mostAMinute: number;
}

const USUAL: LogsSettings = { logs: [], mostAMinute: 100 };

const log = z.strictObject({
  file: said('A log; it may be rotated', z.string()),
  format: said(
    "combined, common, json, sshd, or a web server's log_format; when not said the first lines tell",
    z.optional(z.string()),
  ),
});

/** `logs`, `most-a-minute`. Codes: those of `webFormat`. */
export const logsSettings = settingsPart({
  fields: {
    logs: said('Logs that the guard reads, and blocks for what they tell', z.optional(z.array(log))),
    'most-a-minute': said(
      'So many are blocked in a minute at most for what logs tell; 100 when not said',
      z.optional(z.int().check(z.minimum(1))),
    ),
  },
  usual: USUAL,
  read({ logs = [], 'most-a-minute': mostAMinute = USUAL.mostAMinute }, document) {
    const diagnostics: Diagnostic[] = [];
    const value = logs.map(({ file, format }, i): LogSetting => {
      const read = format === undefined ? null : formatNamed(format, Date.now);
      if (read && !read.ok) diagnostics.push({ severity: 'error', ...read, span: document.at(['logs', i, 'format']) });
      return { file: fileBeside(file, document), format: read?.ok ? read.value : null };
    });
    return { value: { logs: value, mostAMinute }, diagnostics };
  },
});
