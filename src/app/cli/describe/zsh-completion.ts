import { allCommands, type ArgumentDoc, type CommandDoc, type FlagDoc, type ValueDoc } from './command-doc.ts';

/**
 * A script for zsh that completes commands, flags and values of `waymark`, as a file `_waymark` of `$fpath` or to be
 * sourced after `compinit`. It starts `waymark` only for names of hosts.
 */
export function zshCompletion(doc: CommandDoc): string {
  const all = allCommands(doc);
  const deeper = all.filter((c) => c.path.length > 0).map((c) => quoted(key(c)));
  return [
    '#compdef waymark',
    '# completion for zsh: waymark completion zsh',
    ...HOSTS,
    '_waymark() {',
    '  local program=$words[1] at= i',
    '  local -a below',
    '  for (( i = 2; i < CURRENT; i++ )); do',
    '    case "$at $words[i]" in',
    `      ${deeper.join('|')}) at="$at $words[i]" ;;`,
    '      *) break ;;',
    '    esac',
    '  done',
    '  # what follows the command is completed as if the command stood alone',
    '  words=("$program" "${(@)words[i,-1]}")',
    '  (( CURRENT -= i - 2 ))',
    '  case $at in',
    ...all.flatMap(commandLines),
    '  esac',
    '}',
    'if [[ $funcstack[1] == _waymark ]]; then _waymark "$@"; else compdef _waymark waymark; fi',
    '',
  ].join('\n');
}

const HOSTS = [
  '_waymark_hosts() {',
  '  local network= i',
  '  for (( i = 2; i < $#words; i++ )); do',
  '    case $words[i] in',
  '      -n|--network) network=${(Q)words[i+1]} ;;',
  '    esac',
  '  done',
  '  for i in $words; do if [[ $i == --network=* ]]; then network=${(Q)i#--network=}; fi; done',
  '  [[ -n $network ]] || return 1',
  `  compadd -- \${(f)"$($program completion hosts -n "\${network/#\\~\\//$HOME/}" 2>/dev/null </dev/null)"}`,
  '}',
];

const key = (command: CommandDoc): string => command.path.map((word) => ` ${word}`).join('');
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
/** A text within a specification of `_arguments` or `_describe`. */
const escaped = (text: string): string => text.replaceAll(/[\\[\]:]/g, String.raw`\$&`);

function commandLines(command: CommandDoc): readonly string[] {
  const below = command.commands.map((c) => quoted(`${c.path.at(-1)}:${c.brief.replaceAll(':', String.raw`\:`)}`));
  const specs = [
    ...command.flags.flatMap(flagSpecs),
    ...(below.length > 0 ? [quoted('1: :{_describe -t commands command below}')] : command.arguments.map(argumentSpec)),
  ];
  return [
    `    ${quoted(key(command))})`,
    ...(below.length > 0 ? [`      below=(${below.join(' ')})`] : []),
    `      _arguments -S ${specs.join(' ')} ;;`,
  ];
}

const flagSpecs = ({ names, brief, value }: FlagDoc): readonly string[] =>
  names.map((name) => {
    const takes = value ? `:${escaped(value.placeholder)}:${action(value)}` : '';
    const others = names.length > 1 ? `(${names.join(' ')})` : '';
    return quoted(`${others}${name}${value && name.startsWith('--') ? '=' : ''}[${escaped(brief)}]${takes}`);
  });

const argumentSpec = ({ placeholder, many, value }: ArgumentDoc, index: number): string =>
  quoted(`${many ? '*' : index + 1}:${escaped(placeholder)}:${action(value)}`);

function action(value: ValueDoc): string {
  switch (value.kind) {
    case 'words':
      return `(${value.words.join(' ')})`;
    case 'list':
      return `_sequence compadd - ${value.words.join(' ')}`;
    case 'file':
      return '_files';
    case 'folder':
      return '_files -/';
    case 'host':
      return '_waymark_hosts';
    case 'any':
      return ' ';
  }
}
