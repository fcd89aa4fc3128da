/** One command line of a script and what must come of it. */
export interface ScriptRun {
  /** Line in the script, from 1. */
  readonly line: number;
  readonly command: string;
  /** Expected standard output; `...` stands for any lines, `…` within a line for any characters. */
  readonly stdout: readonly string[];
  /** Expected standard error, in the same way. */
  readonly stderr: readonly string[];
  readonly code: number;
  /** Files that must be there afterwards. */
  readonly there: readonly string[];
  /** Files that must not. */
  readonly absent: readonly string[];
}

/** A script of the command line: README.md says how it is written. */
export interface Script {
  readonly why: string;
  readonly files: Readonly<Record<string, string>>;
  /** Folders of examples/ that are there too. */
  readonly examples: readonly string[];
  readonly stdin: string;
  /** What commands of the fake machine print. */
  readonly commands: Readonly<Record<string, string>>;
  readonly runs: readonly ScriptRun[];
}

/** Reads a script. Throws when it is not well-formed, because only we write them. */
export function parseScript(text: string): Script {
  const [why = '', ...blocks] = text.split(/^(?=--- |\$ )/m);
  if (why.trim().length < 20) throw new Error('a script begins with why it exists');
  const files: Record<string, string> = {};
  const commands: Record<string, string> = {};
  const examples: string[] = [];
  const runs: ScriptRun[] = [];
  let stdin = '';
  let line = 1 + why.split('\n').length - 1;
  for (const block of blocks) {
    const end = block.indexOf('\n');
    const head = block.slice(0, end);
    const body = block.slice(end + 1).replace(/\n\n$/, '\n');
    const [, kind, name = ''] = /^--- (file|stdin|command|example)(?: (.*))?$/.exec(head) ?? [];
    if (head.startsWith('$ ')) runs.push(parseRun(head.slice(2), body, line));
    else if (kind === 'file') files[name] = body;
    else if (kind === 'stdin') stdin = body;
    else if (kind === 'command') commands[name] = body;
    else if (kind === 'example') examples.push(name);
    else throw new Error(`line ${line}: what is '${head}'?`);
    line += block.split('\n').length - 1;
  }
  if (runs.length === 0) throw new Error('a script without a command');
  return { why: why.trim(), files, examples, stdin, commands, runs };
}

function parseRun(command: string, body: string, line: number): ScriptRun {
  const lines = body.split('\n').slice(0, -1);
  const behind = (mark: string): string[] => lines.filter((l) => l.startsWith(mark)).map((l) => l.slice(mark.length));
  const marks = ['! ', '= ', '+ ', '- '];
  const code = behind('= ')[0];
  if (code === undefined) throw new Error(`line ${line}: say the exit code, '= 0'`);
  return {
    line,
    command,
    stdout: lines.filter((l) => !marks.some((m) => l.startsWith(m))),
    stderr: behind('! '),
    code: Number(code),
    there: behind('+ '),
    absent: behind('- '),
  };
}

/** Whether the text is what was expected: null, or what differs. */
export function difference(name: string, expected: readonly string[], text: string): string | null {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const trimmed = expected.at(-1) === '' ? expected.slice(0, -1) : expected;
  if (fits(trimmed, lines)) return null;
  return `${name} is\n${lines.join('\n')}\n--- and should be\n${expected.join('\n')}`;
}

function fits(expected: readonly string[], lines: readonly string[]): boolean {
  const [first, ...rest] = expected;
  if (first === undefined) return lines.length === 0;
  if (first === '...') {
    for (let skip = 0; skip <= lines.length; skip++) if (fits(rest, lines.slice(skip))) return true;
    return false;
  }
  return lines[0] !== undefined && fitsLine(first, lines[0]) && fits(rest, lines.slice(1));
}

function fitsLine(expected: string, line: string): boolean {
  const parts = expected.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'u').test(line);
}

/** The words of a command line, in the way of a shell without variables; quotes keep words together. */
export function wordsOf(command: string): readonly string[] {
  return [...command.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map((m) => m[1] ?? m[2] ?? m[3]!);
}
