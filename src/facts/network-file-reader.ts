import type { Path, YamlDocument } from '../dialect/yaml/index.ts';
import { dirname, isAbsolute, join } from 'node:path/posix';
import {
  hasErrors,
  nearestHint,
  type Diagnostic,
  type DiagnosticCode,
  type Fact,
  type Parsed,
  type Result,
  type Severity,
  type Span,
} from '../ip/index.ts';
import type { Place } from '../dialect/index.ts';
import { hasWildcards, matchesWildcards } from './wildcards.ts';

/** How other files are read; answers only, no side effects of its own. */
export interface Files {
  /** The text of a file, or null when there is none or it cannot be read. */
  readonly read: (path: string) => string | null;
  /** The names of a folder's files; empty when it is no folder. */
  readonly list: (path: string) => readonly string[];
}

/** A text of another language that stands in a network file or in a file of its own. */
export interface ForeignText {
  readonly text: string;
  readonly source: string;
}

const MAX_FAULTS = 1000;
/** Beyond this line a text written in the file itself is counted from its own first line. */
const MAX_PADDING = 5000;

/** A network file while it is read: places, facts, other files, and everything that is wrong. */
export class NetworkFileReader {
  readonly diagnostics: Diagnostic[] = [];
  readonly source: string;
  readonly #document: YamlDocument;
  readonly #files: Files;
  #guesses = 200;

  constructor(document: YamlDocument, files: Files) {
    this.source = document.source;
    this.#document = document;
    this.#files = files;
  }

  /** Notes a fault at a place of the file. */
  note(code: DiagnosticCode, message: string, path: Path, hint?: string, severity: Severity = 'error'): void {
    this.add([{ code, severity, message, span: this.#document.at(path), ...(hint !== undefined && { hint }) }]);
  }

  /** Takes over what another parser found wrong. */
  add(diagnostics: readonly Diagnostic[]): void {
    for (const d of diagnostics.slice(0, MAX_FAULTS - this.diagnostics.length)) {
      // what stands in quotes may be a text of several lines
      this.diagnostics.push({ ...d, message: d.message.replaceAll(/\s+/g, ' ') });
    }
  }

  /** The value of what was parsed; its faults are noted. */
  take<T>(parsed: Parsed<T>): T {
    this.add(parsed.diagnostics);
    return parsed.value;
  }

  /** The value of a small parser; undefined when it is wrong, which is noted. */
  read<T>(result: Result<T>, path: Path): T | undefined {
    if (result.ok) return result.value;
    this.note(result.code, result.message, path, result.hint);
    return undefined;
  }

  /** Where a value stands, or its key. */
  at(path: Path, what: 'key' | 'value' = 'value'): Span {
    return this.#document.at(path, what);
  }

  /** The same place for the parsers of `ip` words. */
  place(path: Path): Place {
    const { source, line, column, text } = this.at(path);
    return { source, line, column, lineText: text ?? '' };
  }

  /** A fact that the file states at the path. */
  fact(path: Path, text: string, what: 'key' | 'value' = 'value'): Fact {
    return { source: this.source, line: this.at(path, what).line, text };
  }

  /** `did you mean …?`, for the first two hundred that ask. */
  nearest(word: string, known: Iterable<string>): string | undefined {
    return this.#guesses-- > 0 ? nearestHint(word, known) : undefined;
  }

  /** A value that is a file name or the text itself. Null when the file is not there, which is noted. */
  text(value: string, path: Path): ForeignText | null {
    if (!/\n|^\s*[{[]/.test(value)) return this.file(value, path);
    const line = this.#document.blockLine(path);
    if (line === null || line > MAX_PADDING)
      return { text: value, source: `${this.source} line ${this.at(path).line}` };
    // empty lines in front make the line numbers those of this file
    return { text: '\n'.repeat(line - 1) + value, source: this.source };
  }

  /** A file that the network file names, relative to itself. Null when it is not there, which is noted. */
  file(name: string, path: Path): ForeignText | null {
    const full = this.pathOf(name);
    const text = full.includes('\0') ? null : this.#files.read(full);
    if (text !== null) return { text, source: full };
    const hint = this.nearest(
      name,
      this.#files.list(dirname(full)).map((f) => join(dirname(name), f)),
    );
    this.note(
      'file-missing',
      `there is no file '${name.slice(0, 200)}'`,
      path,
      hint ?? 'file names count from the folder of this file',
    );
    return null;
  }

  /** Files that another file includes; the last part of the path may have wildcards. None when there are none. */
  included(pattern: string): ForeignText[] {
    const names = hasWildcards(pattern)
      ? this.#files.list(dirname(pattern)).map((name) => join(dirname(pattern), name))
      : [pattern];
    const wanted = names.filter((name) => name === pattern || matchesWildcards(name, pattern));
    return wanted.sort().flatMap((name) => {
      const text = name.includes('\0') ? null : this.#files.read(name);
      return text === null ? [] : [{ text, source: name }];
    });
  }

  /** The path of a file that the network file names. */
  pathOf(name: string): string {
    return isAbsolute(name) ? name : join(dirname(this.source), name);
  }

  /** Whether anything so far is an error. */
  get failed(): boolean {
    return hasErrors(this.diagnostics);
  }
}
