import type { Diagnostic, Parsed } from '../../ip/index.ts';
import type { Setting } from '../../model/index.ts';
import { settingKey } from './setting-key.ts';

/**
 * The kernel settings below `net` of `sysctl -a` (`net.ipv4.ip_forward = 1`), of a file in /etc/sysctl.d, or of
 * `grep -r . /proc/sys/net` (`/proc/sys/net/ipv4/ip_forward:1`), by keys as below /proc/sys/net. The last of several
 * lines for a key counts, as sysctl(8) does it; settings outside `net` and comments are ignored. Codes,
 * as warnings: `line-unknown`, `line-not-modelled` (a pattern such as `net.ipv4.conf.*.rp_filter`).
 */
export function parseSettings(text: string, source: string): Parsed<ReadonlyMap<string, Setting>> {
  const value = new Map<string, Setting>();
  const diagnostics: Diagnostic[] = [];
  for (const [index, lineText] of text.split(/\r?\n/).entries()) {
    const line = lineText.trim();
    if (line === '' || /^[#;]/.test(line) || /^(sysctl|grep): /.test(line)) continue;
    const read = readLine(line);
    if (!read) {
      diagnostics.push({ ...at(lineText, index + 1, source), ...UNKNOWN });
    } else if (read.key !== null && /[*?[]/.test(read.key)) {
      diagnostics.push({ ...at(lineText, index + 1, source), ...PATTERN });
    } else if (read.key !== null) {
      value.set(read.key, { value: read.value, fact: { source, line: index + 1, text: line } });
    }
  }
  return { value, diagnostics };
}

function readLine(line: string): { key: string | null; value: string } | null {
  const proc = /^\/proc\/sys\/([^\s:]+):(.*)$/.exec(line);
  if (proc) return { key: settingKey(proc[1]!), value: proc[2]!.trim() };
  // a leading `-` lets sysctl pass over a key that does not exist
  const pair = /^-?([^\s=]+)\s*=(.*)$/.exec(line);
  return pair ? { key: settingKey(pair[1]!), value: pair[2]!.trim() } : null;
}

const UNKNOWN = {
  code: 'line-unknown',
  message: 'this is not a setting',
  hint: `write 'net.ipv4.ip_forward = 1'`,
} as const;
const PATTERN = {
  code: 'line-not-modelled',
  message: 'a pattern for several settings is not modelled',
  hint: `take what 'sysctl -a' prints`,
} as const;

function at(text: string, line: number, source: string): Pick<Diagnostic, 'severity' | 'span'> {
  const column = text.length - text.trimStart().length + 1;
  return { severity: 'warning', span: { source, line, column, length: text.trim().length, text } };
}
