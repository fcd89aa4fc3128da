import * as z from 'zod/mini';
import { failure, success, type Diagnostic, type Result } from '../ip/index.ts';
import type { YamlDocument } from '../dialect/yaml/index.ts';
import { fileBeside, said, settingsPart } from './settings-part.ts';
import type { LogFormat } from './source/log-format.ts';
import { formatNamed } from './source/recognise-format.ts';

/** Where the lines of a log come from. */
export type LogOrigin =
  /** `-` is standard input. With its `backlog` a log that was never read begins with its oldest rotated file. */
  | { readonly kind: 'file'; readonly file: string; readonly backlog: boolean }
  /** Units, or matches such as `_COMM=sshd`, as journalctl takes them. `folder`: null for this machine's own journal. */
  | { readonly kind: 'journal'; readonly words: readonly string[]; readonly folder: string | null }
  /** A unix socket for datagrams of syslog. `group`: who may write to it besides root. */
  | { readonly kind: 'socket'; readonly socket: string; readonly group: string | null };

/** A log that the guard reads. */
export interface LogSetting {
  readonly origin: LogOrigin;
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

const text = z.optional(z.string());
const log = z.strictObject({
  file: said('A log, which may be rotated; - is standard input', text),
  backlog: said(
    'Whether a log that was never read begins with its oldest rotated file, also packed; no when not said',
    z.optional(z.boolean()),
  ),
  journal: said(
    'Units whose messages in the journal of systemd are read, or matches such as _COMM=sshd',
    z.optional(z.union([z.string(), z.array(z.string())])),
  ),
  folder: said('Where the journal is; the one of this machine when not said', text),
  socket: said('A unix socket that the guard makes, to which syslog, nginx or HAProxy send datagrams', text),
  group: said('Who may write to the socket; root alone when not said', text),
  format: said(
    "How its lines are made: a name of docs/logs.md, or a web server's log_format; when not said the first lines tell",
    text,
  ),
});

/** `logs`, `most-a-minute`. Codes: `value-invalid`, and those of `webFormat`. */
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
    const value: LogSetting[] = [];
    for (const [i, said] of logs.entries()) {
      const origin = originOf(said, document);
      const format =
        said.format === undefined
          ? success(null)
          : formatNamed(said.format, Date.now, origin.ok && origin.value.kind !== 'file');
      const refuse = (fault: Result<unknown>, key: string): void => {
        if (!fault.ok) diagnostics.push({ severity: 'error', ...fault, span: document.at(['logs', i, key]) });
      };
      refuse(format, 'format');
      refuse(origin, Object.keys(said).find((key) => key !== 'format') ?? '');
      if (origin.ok && format.ok) value.push({ origin: origin.value, format: format.value });
    }
    return { value: { logs: value, mostAMinute }, diagnostics };
  },
});

type Said = z.infer<typeof log>;

/** Which keys belong together. */
const KEYS = { file: ['backlog'], journal: ['folder'], socket: ['group'] } as const;

function originOf(said: Said, document: YamlDocument): Result<LogOrigin> {
  const kinds = (['file', 'journal', 'socket'] as const).filter((kind) => said[kind] !== undefined);
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1)
    return failure('value-invalid', 'a log is one of: file, journal, socket', `say one of them here`);
  const others = Object.entries(KEYS).flatMap(([k, keys]) => (k === kind ? [] : keys));
  const wrong = others.find((key) => said[key] !== undefined);
  if (wrong !== undefined) return failure('value-invalid', `'${wrong}' says nothing of a ${kind}`, `leave it out`);
  switch (kind) {
    case 'file':
      return success({
        kind,
        file: said.file === '-' ? '-' : fileBeside(said.file!, document),
        backlog: said.backlog ?? false,
      });
    case 'journal':
      return journalOf([said.journal!].flat(), said.folder === undefined ? null : fileBeside(said.folder, document));
    case 'socket':
      return success({ kind, socket: fileBeside(said.socket!, document), group: said.group ?? null });
  }
}

/** A word with an equals sign is a match, others are units. None may be an option of journalctl. */
function journalOf(words: readonly string[], folder: string | null): Result<LogOrigin> {
  const wrong = words.find((word) => !/^([A-Z_][A-Z0-9_]*=.+|[A-Za-z0-9_@*][\w.:@\\*-]*)$/.test(word));
  if (words.length > 0 && wrong === undefined) return success({ kind: 'journal', words, folder });
  const what = wrong === undefined ? 'no unit is named' : `'${wrong}' is neither a unit nor a match`;
  return failure('value-invalid', `journal: ${what}`, 'such as: journal: ssh.service, or journal: _COMM=sshd');
}
