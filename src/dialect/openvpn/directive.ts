import type { Diagnostic, DiagnosticCode, Fact, Parsed, Severity } from '../../ip/index.ts';
import { splitWords, type Word } from './words.ts';

/** One line of a configuration. */
export interface Directive {
  readonly name: string;
  readonly args: readonly Word[];
  /** Number of the `<connection>` block it stands in, from 1; 0 outside. */
  readonly connection: number;
  readonly fact: Fact;
}

/** A diagnostic about a directive, pointing at its argument `at` (from 0), or at the line when there is none. */
export function about(
  d: Directive,
  problem: { code: DiagnosticCode; severity: Severity; message: string; hint?: string | undefined },
  at?: number,
): Diagnostic {
  const word = at === undefined ? undefined : d.args[at];
  const { code, severity, message, hint } = problem;
  return {
    code,
    severity,
    message,
    ...(hint === undefined ? {} : { hint }),
    span: {
      source: d.fact.source,
      line: d.fact.line,
      column: word?.column ?? 1,
      length: Math.max(1, word?.text.length ?? d.fact.text.length),
      text: d.fact.text,
    },
  };
}

/**
 * The directives of a configuration. What stands in an inline block (`<key>` …) is skipped without being read; only
 * `<connection>` blocks are entered. Codes: `value-invalid` (quotes), `input-cut-off` (a block without its end).
 */
export function readDirectives(text: string, source: string): Parsed<readonly Directive[]> {
  const value: Directive[] = [];
  const diagnostics: Diagnostic[] = [];
  let block: { readonly end: string; readonly open: Directive } | null = null;
  let connection = 0;
  let inConnection = false;
  for (const [i, raw] of text.split('\n').entries()) {
    const line = raw.replace(/\r$/, '');
    if (block) {
      if (line.trimStart().startsWith(block.end)) block = null;
      continue;
    }
    const { words, problem } = splitWords(line);
    const first = words[0];
    if (!first) continue;
    const fact: Fact = { source, line: i + 1, text: line.trimEnd() };
    const name = first.text.replace(/^--/, '');
    const directive: Directive = { name, args: words.slice(1), connection: inConnection ? connection : 0, fact };
    const tag = /^<(\/?)([^>/]+)>$/.exec(first.text);
    if (tag?.[2] === 'connection') {
      inConnection = tag[1] === '';
      if (inConnection) connection++;
    } else if (tag && tag[1] === '' && words.length === 1) {
      block = { end: `</${tag[2]!}>`, open: directive };
    } else if (problem !== undefined) {
      diagnostics.push(about(directive, { code: 'value-invalid', severity: 'error', message: problem }));
    } else {
      value.push(directive);
    }
  }
  if (block) {
    const message = `${block.open.fact.text.trim()} is not closed by ${block.end}`;
    diagnostics.push(about(block.open, { code: 'input-cut-off', severity: 'error', message }));
  }
  return { value, diagnostics };
}
