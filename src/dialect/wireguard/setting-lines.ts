import type { Diagnostic, DiagnosticCode, Fact, Severity } from '../../ip/index.ts';

/** One `Key = value` of a configuration. */
export interface SettingLine {
  /** In lower case. */
  readonly key: string;
  /** The value's parts between commas, without spaces. */
  readonly values: readonly { readonly text: string; readonly column: number }[];
  /** `interface`, or the number of its `[Peer]` from 0; null before any. */
  readonly section: 'interface' | number | null;
  readonly fact: Fact;
}

/** The lines of a configuration that say something (wg(8), wg-quick(8)). Comments begin with `#`, also behind a value. */
export function settingLines(text: string, source: string): readonly SettingLine[] {
  const found: SettingLine[] = [];
  let section: SettingLine['section'] = null;
  let peers = 0;
  for (const [i, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.replace(/#.*/, '');
    const head = /^\s*\[\s*(\w+)\s*\]\s*$/.exec(line)?.[1]?.toLowerCase();
    const fact: Fact = { source, line: i + 1, text: raw.trim() };
    if (head === 'interface') section = 'interface';
    else if (head === 'peer') section = peers++;
    if (head !== undefined) found.push({ key: `[${head}]`, values: [], section, fact });
    else if (line.trim() !== '') found.push({ ...keyAndValues(line), section, fact });
  }
  return found;
}

function keyAndValues(line: string): Pick<SettingLine, 'key' | 'values'> {
  const equals = line.indexOf('=');
  if (equals < 0) return { key: line.trim().toLowerCase(), values: [] };
  const values: { text: string; column: number }[] = [];
  let at = equals + 1;
  for (const part of line.slice(at).split(',')) {
    const column = at + part.length - part.trimStart().length + 1;
    if (part.trim() !== '') values.push({ text: part.trim(), column });
    at += part.length + 1;
  }
  return { key: line.slice(0, equals).trim().toLowerCase(), values };
}

/** A diagnostic about a line, pointing at its value `at` (from 0), or at the line. */
export function aboutLine(
  { fact, values }: SettingLine,
  [code, severity, message, hint]: readonly [DiagnosticCode, Severity, string, (string | undefined)?],
  at?: number,
): Diagnostic {
  const value = at === undefined ? undefined : values[at];
  const length = Math.max(1, value?.text.length ?? fact.text.length);
  const span = { source: fact.source, line: fact.line, column: value?.column ?? 1, length, text: fact.text };
  return { code, severity, message, ...(hint === undefined ? {} : { hint }), span };
}
