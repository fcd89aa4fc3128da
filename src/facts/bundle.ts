import type { Diagnostic, DiagnosticCode, Parsed, Severity } from '../ip/index.ts';

/** What one command printed. */
export interface BundleSection {
  /** The command as a person would type it, or `file /PATH`. */
  readonly command: string;
  /** Its output, a line break behind every line. */
  readonly text: string;
  /** Line of the bundle's file where the output begins, from 1. */
  readonly firstLine: number;
  /** What it wrote to its standard error. */
  readonly errors: readonly string[];
  /** Its exit code. */
  readonly code: number;
}

/** One host's bundle. */
export interface Bundle {
  /** The file it came from. */
  readonly source: string;
  /** Its first line in that file, from 1. */
  readonly firstLine: number;
  readonly sections: readonly BundleSection[];
}

/** Most that is read of a file with bundles: 64 MiB of text. */
export const BUNDLE_LIMIT = 64 * 1024 * 1024;

/** Most hosts that are read of one file, and most faults that are told. */
const HOST_LIMIT = 10_000;
const FAULT_LIMIT = 1000;

/** Most sections that are read: a section a client file of OpenVPN, for instance. */
const SECTION_LIMIT = 10_000;

const VERSION = '1';
const HEADING = /^# waymark facts (\S+)\s*$/;
/** So much noise (a login's greeting) may stand in front of the first bundle, in characters. */
const NOISE_LIMIT = 65_536;

/** Whether the text begins with a bundle, some greeting in front of it allowed. */
export const looksLikeBundle = (text: string): boolean => /^# waymark facts \S/m.test(text.slice(0, NOISE_LIMIT));

/** The section of a command. */
export const sectionOf = (bundle: Bundle, command: string): BundleSection | undefined =>
  bundle.sections.find((s) => s.command === command);

/**
 * Reads a text with exactly one bundle; of several only the first (`line-limited`). Otherwise as `parseBundles`. An
 * unreadable text gives a bundle without sections.
 */
export function parseBundle(text: string, source: string): Parsed<Bundle> {
  const { value, diagnostics } = parseBundles(text, source);
  const [first, second] = value;
  if (!second) return { value: first ?? { source, firstLine: 1, sections: [] }, diagnostics };
  const message = `only the first of ${value.length} bundles is read here`;
  return {
    value: first!,
    diagnostics: [...diagnostics, at(source, second.firstLine, '', ['line-limited', 'warning', message])],
  };
}

/**
 * Reads bundles that follow each other (docs/bundle.md). Codes: `input-unrecognised`, `input-too-large`,
 * `bundle-version`, `input-cut-off`, `line-unknown`.
 */
export function parseBundles(text: string, source: string): Parsed<readonly Bundle[]> {
  if (text.length > BUNDLE_LIMIT)
    return refuse(source, '', ['input-too-large', 'error', `${source} is larger than 64 MiB`]);
  if (!looksLikeBundle(text)) {
    const message = `${source} is not a bundle: it has no line '# waymark facts ${VERSION}'`;
    const hint = `make one with 'waymark collect'`;
    return refuse(source, text.slice(0, 200).split('\n')[0]!, ['input-unrecognised', 'error', message, hint]);
  }
  const reader = new BundleReader(source);
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  for (const [i, line] of lines.entries()) reader.take(line.endsWith('\r') ? line.slice(0, -1) : line, i + 1);
  return reader.finish(lines.length);
}

type Problem = readonly [DiagnosticCode, Severity, string, string?];

function refuse(source: string, line: string, problem: Problem): Parsed<readonly Bundle[]> {
  return { value: [], diagnostics: [at(source, 1, line, problem)] };
}

function at(source: string, line: number, text: string, [code, severity, message, hint]: Problem): Diagnostic {
  const shown = text.length > 200 ? `${text.slice(0, 197)}...` : text;
  const span = { source, line, column: 1, length: Math.max(1, shown.length), ...(shown !== '' && { text: shown }) };
  return { code, severity, message, ...(hint === undefined ? {} : { hint }), span };
}

interface OpenSection {
  readonly command: string;
  readonly firstLine: number;
  readonly lines: string[];
  readonly errors: string[];
  code: number;
}

/** Takes line after line. */
class BundleReader {
  private readonly bundles: Bundle[] = [];
  private readonly diagnostics: Diagnostic[] = [];
  private state: 'outside' | 'inside' | 'other-version' = 'outside';
  private sections: BundleSection[] = [];
  private bundleLine = 1;
  private open: OpenSection | null = null;
  /** Only the first of many stray lines in a row is told. */
  private lastStray = -1;
  private readonly source: string;

  constructor(source: string) {
    this.source = source;
  }

  take(line: string, number: number): void {
    const heading = HEADING.exec(line);
    if (heading) this.begin(heading[1]!, line, number);
    else if (this.state === 'outside') this.stray(line, number, 'this line stands outside of a bundle');
    else if (this.state === 'other-version') return;
    else if (line.startsWith('===')) this.mark(line, number);
    else if (this.open) this.open.lines.push(line.replace(/^\\(?=\\*===)/, ''));
    else this.stray(line, number, 'this line stands before the first section');
  }

  finish(lineCount: number): Parsed<readonly Bundle[]> {
    this.end(false, lineCount);
    return { value: this.bundles, diagnostics: this.diagnostics };
  }

  private begin(version: string, line: string, number: number): void {
    this.end(false, number - 1);
    this.bundleLine = number;
    this.state = version === VERSION ? 'inside' : 'other-version';
    if (this.state === 'inside') return;
    const message = `this bundle has version ${version.slice(0, 20)}, and only ${VERSION} can be read`;
    this.note(number, line, ['bundle-version', 'error', message, 'collect it anew with this waymark']);
  }

  /** A line that begins with `===`. */
  private mark(line: string, number: number): void {
    const [, kind, rest] = /^=== (?:([?!]) )?(.*)$/.exec(line) ?? [];
    if (line === '=== end') this.end(true, number);
    else if (kind === '!' && this.open) this.open.errors.push(rest!);
    else if (kind === '?' && this.open && /^\d{1,3}$/.test(rest!)) this.open.code = Number(rest);
    else if (kind === undefined && rest !== undefined && rest.trim() !== '') this.openSection(rest.trim(), number);
    else this.stray(line, number, 'this line is no heading of a section');
  }

  private openSection(command: string, number: number): void {
    this.closeSection();
    this.open = { command, firstLine: number + 1, lines: [], errors: [], code: 0 };
  }

  private closeSection(): void {
    if (!this.open) return;
    const { lines, ...section } = this.open;
    if (this.sections.length === SECTION_LIMIT) {
      const message = `the bundle has more than ${SECTION_LIMIT} sections; the rest is not read`;
      this.note(section.firstLine, '', ['input-too-large', 'error', message]);
    }
    if (this.sections.length <= SECTION_LIMIT)
      this.sections.push({ ...section, text: lines.length === 0 ? '' : `${lines.join('\n')}\n` });
    this.open = null;
  }

  private end(properly: boolean, number: number): void {
    if (this.state === 'inside') {
      this.closeSection();
      if (!properly) {
        const message = `the bundle is cut off: it has no line '=== end'`;
        this.note(number, '', ['input-cut-off', 'error', message, 'collect it anew']);
      }
      if (this.bundles.length === HOST_LIMIT)
        this.note(this.bundleLine, '', ['input-too-large', 'error', `only ${HOST_LIMIT} hosts are read of one file`]);
      else this.bundles.push({ source: this.source, firstLine: this.bundleLine, sections: this.sections });
    }
    this.state = 'outside';
    this.sections = [];
  }

  private stray(line: string, number: number, message: string): void {
    if (line.trim() === '') return;
    if (number !== this.lastStray + 1) this.note(number, line, ['line-unknown', 'warning', message]);
    this.lastStray = number;
  }

  private note(number: number, line: string, problem: Problem): void {
    // an error must not get lost behind many warnings
    const limit = problem[1] === 'error' ? 2 * FAULT_LIMIT : FAULT_LIMIT;
    if (this.diagnostics.length < limit) this.diagnostics.push(at(this.source, number, line, problem));
  }
}
