import { allCommands, type CommandDoc, type FlagDoc, type ValueDoc } from './command-doc.ts';

/** A script for fish that completes commands, flags and values of `waymark`. It starts `waymark` only for names of hosts. */
export function fishCompletion(doc: CommandDoc): string {
  const all = allCommands(doc);
  const deeper = all.filter((c) => c.path.length > 0).map((c) => quoted(key(c)));
  return [
    '# completion for fish: waymark completion fish',
    'function __waymark_at',
    '    set -l at',
    '    set -l words (commandline -opc)',
    '    for word in $words[2..-1]',
    `        contains -- "$at $word" ${deeper.join(' ')}; or break`,
    '        set at "$at $word"',
    '    end',
    '    test "$at" = "$argv[1]"',
    'end',
    ...HOSTS,
    'complete -c waymark -f',
    ...all.flatMap(commandLines),
    '',
  ].join('\n');
}

const HOSTS = [
  'function __waymark_hosts',
  '    set -l words (commandline -op)',
  '    set -l network',
  '    for i in (seq 2 (count $words))',
  '        switch $words[$i]',
  '            case -n --network',
  '                set network $words[(math $i + 1)]',
  "            case '--network=*'",
  "                set network (string replace -- '--network=' '' $words[$i])",
  '        end',
  '    end',
  '    test -n "$network"; or return',
  '    $words[1] completion hosts -n (string replace -r \'^~/\' "$HOME/" -- $network) 2>/dev/null </dev/null',
  'end',
];

const key = (command: CommandDoc): string => command.path.map((word) => ` ${word}`).join('');
const quoted = (text: string): string => `'${text.replaceAll(/[\\']/g, String.raw`\$&`)}'`;

function commandLines(command: CommandDoc): readonly string[] {
  const start = `complete -c waymark -n ${quoted(`__waymark_at ${quoted(key(command))}`)}`;
  const below = command.commands.map((c) => `${start} -a ${c.path.at(-1)} -d ${quoted(c.brief)}`);
  const first = command.arguments[0];
  const own = first && first.value.kind !== 'any' && below.length === 0 ? [`${start} ${offered(first.value)}`] : [];
  return [...below, ...command.flags.map((flag) => `${start} ${flagWords(flag)}`), ...own];
}

function flagWords({ names, brief, value }: FlagDoc): string {
  const named = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  return [...named, ...(value ? ['-r', offered(value)] : []), `-d ${quoted(brief)}`].join(' ');
}

function offered(value: ValueDoc): string {
  switch (value.kind) {
    case 'words':
      return `-f -a ${quoted(value.words.join(' '))}`;
    case 'list':
      return `-f -a ${quoted(`(__fish_append , ${value.words.join(' ')})`)}`;
    case 'file':
      return '-F';
    case 'folder':
      return `-f -a ${quoted('(__fish_complete_directories)')}`;
    case 'host':
      return `-f -a ${quoted('(__waymark_hosts)')}`;
    case 'any':
      return '-f';
  }
}
