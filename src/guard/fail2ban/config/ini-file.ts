import type { Diagnostic } from '../../../ip/index.ts';

/** A value of a configuration file, with its place. */
export interface Option {
  readonly value: string;
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** Options by name, in lower case. */
export type Section = Map<string, Option>;

/** One file. `DEFAULT` is a section as any other here. */
export interface IniFile {
  readonly sections: ReadonlyMap<string, Section>;
  readonly diagnostics: readonly Diagnostic[];
}

/** The file as it is being read. */
class Reading {
  readonly sections = new Map<string, Section>();
  readonly diagnostics: Diagnostic[] = [];
  readonly file: string;
  section: Section | null = null;
  name = '';
  lines: string[] = [];
  firstLine = 0;
  indent = 0;

  constructor(file: string) {
    this.file = file;
  }

  fault(line: number, text: string, message: string, code: 'line-unknown' | 'name-duplicate' = 'line-unknown'): void {
    const span = { source: this.file, line, column: 1, length: Math.max(1, text.length), text };
    this.diagnostics.push({ code, severity: 'error', message, span });
  }

  /** The option that was read is whole. */
  keep(): void {
    if (this.section === null || this.name === '') return;
    const value = this.lines.join('\n').trimEnd();
    this.section.set(this.name, { value, file: this.file, line: this.firstLine });
    this.name = '';
  }
}

/**
 * Reads a file as Python's `configparser` does for fail2ban: `name = value`, lines that are set in go on with a value, `#` and `;` begin a
 * comment, within a line only `;` behind a blank. Codes: `line-unknown`, `name-duplicate`.
 */
export function readIni(text: string, file: string): IniFile {
  const reading = new Reading(file);
  text.split(/\r?\n/).forEach((line, i) => readLine(reading, line, i + 1));
  reading.keep();
  return { sections: reading.sections, diagnostics: reading.diagnostics };
}

function readLine(reading: Reading, line: string, number: number): void {
  const end = commentAt(line);
  const value = line.slice(0, end).trim();
  if (value === '') {
    if (end === undefined && reading.name !== '') reading.lines.push('');
    return;
  }
  const indent = line.search(/\S/);
  if (reading.name !== '' && indent > reading.indent) {
    reading.lines.push(value);
    return;
  }
  reading.indent = indent;
  reading.keep();
  const header = /^\[(.+)\]/.exec(value);
  if (header) openSection(reading, header[1]!, line, number);
  else readOption(reading, value, line, number);
}

/** Where a comment begins; undefined when there is none. */
function commentAt(line: string): number | undefined {
  if (/^\s*[#;]/.test(line)) return 0;
  const at = /\s;/.exec(line)?.index;
  return at === undefined ? undefined : at + 1;
}

function openSection(reading: Reading, name: string, line: string, number: number): void {
  if (reading.sections.has(name) && name !== 'DEFAULT')
    reading.fault(number, line, `the section [${name}] is there twice`, 'name-duplicate');
  reading.section = reading.sections.get(name) ?? new Map();
  reading.sections.set(name, reading.section);
}

function readOption(reading: Reading, value: string, line: string, number: number): void {
  const option = /^(.*?)\s*[=:]\s*(.*)$/s.exec(value);
  const name = option?.[1]?.toLowerCase() ?? '';
  if (reading.section === null) {
    reading.fault(number, line, 'this stands in no section: [NAME]');
    return;
  }
  if (!option || name === '') {
    reading.fault(number, line, 'this is no option: NAME = VALUE');
    return;
  }
  if (reading.section.has(name)) reading.fault(number, line, `${name} is there twice`, 'name-duplicate');
  reading.name = name;
  reading.lines = [option[2]!];
  reading.firstLine = number;
}
