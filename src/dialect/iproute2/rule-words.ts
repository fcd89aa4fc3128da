import type { Diagnostic, Family, Parsed } from '../../ip/index.ts';
import type { Rule } from '../../model/index.ts';
import { readCommand } from './command-words.ts';
import { finishRule, type RuleDraft } from './rule-draft.ts';
import { readPriority, readRuleWord } from './rule-keys.ts';
import { spanOfText, splitWords, WordReader, type Place } from './words.ts';

/**
 * Reads one policy rule as a person types it: `from 10.1.0.0/16 fwmark 0x1/0xff lookup 100 priority 100`, the line of a
 * listing (`100: from …`), or the whole `ip -6 rule add …`. The family is that of its addresses or of `-6`, else IPv4.
 * Without a table it is main; without a priority it is `unwritten`, by default the 32765 that the kernel gives the first
 * rule added to its own. Null when anything is wrong. Codes: those of `parseAddress`, `prefix-invalid`, `key-unknown`,
 * `key-missing`, `value-invalid`, `mark-invalid`, `port-invalid`, `name-unknown`; `line-limited` for a selector that the model only names.
 */
export function parseRuleWords(words: string, place: Place, unwritten = 32765): Parsed<Rule | null> {
  return readRule(words, place, { mode: 'typed', priority: unwritten });
}

/**
 * The rules of a pasted `ip rule show`, or of `ip -6 rule show` with family 6, in its order. Selectors that are not known
 * make a rule uncertain (`unmodelled`, `line-limited`). Codes as in `parseRuleWords`.
 */
export function parseRuleListing(text: string, source: string, family: Family): Parsed<readonly Rule[]> {
  const value: Rule[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const read = readRule(line, { source, line: index + 1 }, { mode: 'listed', priority: 32765, family });
    diagnostics.push(...read.diagnostics);
    if (read.value) value.push(read.value);
  }
  return { value, diagnostics };
}

function readRule(
  text: string,
  place: Place,
  start: Pick<RuleDraft, 'mode' | 'priority' | 'family'>,
): Parsed<Rule | null> {
  const reader = new WordReader(splitWords(text, place), spanOfText(text, place));
  const family = readCommand(reader, 'rule') ?? start.family;
  const draft: RuleDraft = { ...start, ...(family !== undefined && { family }), not: false, unmodelled: [] };
  readPriority(reader, draft);
  for (let key = reader.next(); key; key = reader.next()) readRuleWord(reader, draft, key);
  const rule = finishRule(reader, draft);
  const sound = reader.diagnostics.every((d) => d.code === 'line-limited');
  const fact = { source: place.source, line: place.line, text: text.trim().replace(/\s+/g, ' ') };
  return { value: sound ? { ...rule, fact } : null, diagnostics: reader.diagnostics };
}
