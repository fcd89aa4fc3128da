import { readTarget } from '../target.ts';
import { holdsTarget } from './csv-columns.ts';
import { sampleOf } from './csv.ts';
import { WITH_TIME } from './fail2ban.ts';
import type { ListFormat } from './list-entry.ts';
import { cutRemark } from './plain.ts';

/** What is looked at. */
const HEAD = 16_384;

/** The format of a list, from what it begins with; `plain` when nothing speaks for another. */
export function recogniseList(text: string): ListFormat {
  const head = text.slice(0, HEAD);
  const begin = head.trimStart();
  if (/^(\[(?!\s*[0-9a-f]*:)|\{|null\s*$)/i.test(begin)) return recogniseBrackets(begin);
  if (/^Status for the jail:|Banned IP list:/m.test(head)) return 'fail2ban-status';
  const lines = head.split('\n', 200).filter((line) => line.trim() !== '');
  if (lines[0] !== undefined && lines[0].length < 200 && WITH_TIME.test(lines[0])) return 'fail2ban-times';
  if (lines.some((line) => /^\s*;.{0,100}spamhaus|;\s*SBL\d/i.test(line))) return 'spamhaus';
  if (lines.some((line) => /^# *(ipv[46] hash:(ip|net) ipset|Maintainer *: FireHOL)/.test(line))) return 'firehol';
  return separatorOf(text) === null ? 'plain' : 'csv';
}

function recogniseBrackets(begin: string): ListFormat {
  if (/^\{\s*"(cidr|asn)"\s*:/.test(begin)) return 'spamhaus-json';
  if (/^\[\s*\{\s*(["'])[^"']*\1\s*:\s*\[/.test(begin) && !/^\[\s*\{\s*"decisions"/.test(begin))
    return 'fail2ban-banned';
  return /["'](duration|decisions|scenario|new|deleted)["']\s*:/.test(begin) ? 'crowdsec' : 'json';
}

/** What separates the columns of a table; null when the text is none. */
export function separatorOf(text: string): string | null {
  return [',', '\t', ';'].find((separator) => isTable(text, separator)) ?? null;
}

function isTable(text: string, separator: string): boolean {
  const rows = sampleOf(text, separator).slice(0, 20);
  const wide = rows.filter((row) => row.length > 1);
  if (wide.length === 0 || wide.length < 0.9 * rows.length) return false;
  // a semicolon behind an address begins a remark
  if (separator === ';') return !readTarget(rows[0]![0]!.text).ok;
  // a separator within remarks makes no table, nor do addresses side by side
  const words = wide.map((row) => row.filter((cell) => cell.text !== ''));
  if (words.every((row) => row.every(holdsTarget))) return false;
  return wide.every((row) => !/[#;]|\/\//.test(row[0]!.text) || cutRemark(row[0]!.text).words.trim() === '');
}
