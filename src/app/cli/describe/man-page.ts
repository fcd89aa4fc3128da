import { allCommands, type CommandDoc, type FlagDoc } from './command-doc.ts';

/** The manual page of `waymark` in mdoc, from the texts that `--help` prints. `date` as mdoc has it: `November 23, 2026`. */
export function manPage(doc: CommandDoc, date: string): string {
  return [
    ".\\\" made by 'npm run manual' from the texts of --help",
    `.Dd ${date}`,
    '.Dt WAYMARK 1',
    '.Os',
    '.Sh NAME',
    '.Nm waymark',
    `.Nd ${doc.brief.charAt(0).toLowerCase()}${doc.brief.slice(1)}`,
    '.Sh SYNOPSIS',
    '.Nm',
    '.Ar command',
    '.Op Ar argument ...',
    '.Sh DESCRIPTION',
    ...prose(doc.description),
    '.Pp',
    'Every command takes the first of these.',
    ...tagged(doc.flags.map(flagItem)),
    '.Sh COMMANDS',
    ...allCommands(doc)
      .slice(1)
      .flatMap((command) => section(command, doc.flags)),
    '.Sh FILES',
    ...tagged(FILES.map(([file, text]) => [`.It Pa ${typed(file)}`, ...lines(text)])),
    '.Sh EXIT STATUS',
    ...tagged(EXITS.map(([code, text]) => [`.It ${code}`, ...lines(text)])),
    ...examples(['.Sh EXAMPLES'], doc.description),
    '.Sh SEE ALSO',
    ...lines(
      'The documents of the package, in its folder docs: network-file.md, routes.md, dialects.md, guard.md, logs.md.',
    ),
    '',
  ].join('\n');
}

const FILES = [
  ['/etc/waymark/guard.yaml', 'Settings of the guard.'],
  ['/var/lib/waymark/changes', 'Changes of routes, with the way back.'],
] as const;

const EXITS = [
  [0, 'It is so: answered, all expectations hold, done.'],
  [1, 'It is not so: no answer, a failed expectation, a finding.'],
  [2, 'Bad input or usage; nothing was changed.'],
  [3, 'A privilege or a component is missing; the message says which package brings it.'],
  [4, 'Applied, then rolled back.'],
] as const;

function section(command: CommandDoc, everywhere: readonly FlagDoc[]): readonly string[] {
  const common = new Set(everywhere.map((f) => f.names.at(-1)));
  const flags = command.commands.length > 0 ? [] : command.flags.filter((f) => !common.has(f.names.at(-1)));
  const given = command.commands.length > 0 ? [] : command.arguments;
  const items = [
    ...given.map((a) => [`.It Ar ${word(a.placeholder)}${a.many ? ' ...' : ''}`, ...lines(a.brief)]),
    ...flags.map(flagItem),
  ];
  return [
    `.Ss ${command.path.join(' ')}`,
    ...(command.usages.length > 0 ? [...literal(command.usages), '.Pp'] : []),
    ...prose(command.description),
    ...(items.length > 0 ? tagged(items) : []),
    ...examples(['.Pp', 'For example:'], command.description),
  ];
}

function flagItem({ names, brief, value }: FlagDoc): readonly string[] {
  const named = names.map((name) => `Fl ${word(name.slice(1))}`).join(' , ');
  return [`.It ${named}${value ? ` Ar ${word(value.placeholder)}` : ''}`, ...lines(brief)];
}

const tagged = (items: readonly (readonly string[])[]): readonly string[] => [
  '.Bl -tag -width Ds',
  ...items.flat(),
  '.El',
];
const literal = (all: readonly string[]): readonly string[] => [
  '.Bd -literal -offset indent',
  ...all.map(typed),
  '.Ed',
];

const EXAMPLES = /\n\nExamples?:\n((?: {2}.*\n?)+)$/;

function examples(head: readonly string[], description: string): readonly string[] {
  const found = EXAMPLES.exec(description)?.[1];
  if (found === undefined) return [];
  return [
    ...head,
    ...literal(
      found
        .trimEnd()
        .split('\n')
        .map((l) => l.trim()),
    ),
  ];
}

/** Paragraphs; the exit codes are one of their own. */
function prose(description: string): readonly string[] {
  const paragraphs = description.replace(EXAMPLES, '').split(/\n\n|\s(?=Exit: )/);
  return paragraphs.flatMap((p, i) => [...(i > 0 ? ['.Pp'] : []), ...lines(p.replaceAll('\n', ' '))]);
}

const WIDTH = 76;

/** A text, each sentence from a new line on, as mdoc wants it. */
function lines(sentences: string): readonly string[] {
  return sentences.split(/(?<=[.!?]["')]?) +/).flatMap((sentence) => {
    const folded: string[] = [''];
    for (const w of sentence.split(/ +/)) {
      const line = folded.at(-1)!;
      if (line !== '' && line.length + 1 + w.length > WIDTH) folded.push(w);
      else folded[folded.length - 1] = line === '' ? w : `${line} ${w}`;
    }
    return folded.map(text);
  });
}

/** A text line: what roff takes for its own is escaped. */
const text = (line: string): string =>
  line
    .replaceAll('\\', '\\e')
    .replaceAll(/(?<![\w)])-(?=\S)/g, '\\-')
    .replace(/^(?=[.'])/, '\\&');

/** What a person types, which has to survive being copied: no hyphen becomes a dash. */
const typed = (line: string): string =>
  line
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('~', '\\(ti')
    .replaceAll("'", '\\(aq')
    .replaceAll('^', '\\(ha')
    .replace(/^(?=\.)/, '\\&');

/** A word in a macro's line: one that is a macro itself is taken as a word. */
const word = (value: string): string => typed(value).replace(/^(?=(?:[A-Z][a-z]|[.,:;()[\]?!|])$)/, '\\&');
