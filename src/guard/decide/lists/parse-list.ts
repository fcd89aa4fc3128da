import { hasErrors, type Diagnostic, type Family, type Parsed } from '../../../ip/index.ts';
import { WIDEST } from '../target.ts';
import { readCrowdsec } from './crowdsec.ts';
import { readCsv } from './csv.ts';
import { readFail2banBanned, readFail2banStatus, readFail2banTimes } from './fail2ban.ts';
import { readFirehol } from './firehol.ts';
import { readJson } from './json.ts';
import { ListCollector } from './list-collector.ts';
import type { BlockList, ListFormat } from './list-entry.ts';
import { readPlain } from './plain.ts';
import { recogniseList, separatorOf } from './recognise-list.ts';
import { readSpamhaus, readSpamhausJson } from './spamhaus.ts';

/** Most that is read of one list, in characters. */
export const LIST_LIMIT = 64 * 1024 * 1024;

const READERS: Readonly<Record<ListFormat, (text: string, into: ListCollector) => void>> = {
  plain: readPlain,
  csv: (text, into) => readCsv(text, separatorOf(text) ?? ',', into),
  json: readJson,
  crowdsec: readCrowdsec,
  'fail2ban-banned': readFail2banBanned,
  'fail2ban-status': readFail2banStatus,
  'fail2ban-times': readFail2banTimes,
  spamhaus: readSpamhaus,
  'spamhaus-json': readSpamhausJson,
  firehol: readFirehol,
};

/**
 * Reads a list of whom to block; its format is seen from its content. Prefixes shorter than `widest` are left out. Codes,
 * as errors: those of `parsePrefix`, `line-unknown`, `duration-invalid`, `json-invalid`, `input-cut-off`,
 * `input-too-large`, `input-unrecognised`; as warnings: `prefix-too-wide`, `entry-left-out`, and `input-unrecognised` for
 * a list that names nobody.
 */
export function parseList(
  text: string,
  source = '-',
  widest: Readonly<Record<Family, number>> = WIDEST,
): Parsed<BlockList> {
  const nothing = { format: 'plain', entries: [] } as const;
  if (text.length > LIST_LIMIT) {
    const message = `${source} is larger than 64 MiB`;
    return { value: nothing, diagnostics: [{ code: 'input-too-large', severity: 'error', message }] };
  }
  if (text.slice(0, 4096).includes('\0')) {
    return { value: nothing, diagnostics: [unrecognised(source, 'is no text in UTF-8', 'error')] };
  }
  // blanked, not cut off, so that columns stay what they are in the file
  const plain = text.startsWith('\ufeff') ? ` ${text.slice(1)}` : text;
  const format = recogniseList(plain);
  const collector = new ListCollector(plain, source, widest);
  READERS[format](plain, collector);
  const parsed = collector.finish(format);
  if (parsed.value.entries.length > 0 || hasErrors(parsed.diagnostics) || parsed.diagnostics.length > 0) return parsed;
  return { ...parsed, diagnostics: [unrecognised(source, 'names no address', 'warning')] };
}

const unrecognised = (source: string, what: string, severity: 'error' | 'warning'): Diagnostic => ({
  code: 'input-unrecognised',
  severity,
  message: `${source} ${what}`,
  hint: 'a list has an address or prefix a line, or is an export of CrowdSec, fail2ban, Spamhaus or FireHOL',
});
