import { allCommands, type CommandDoc, type ValueDoc } from './command-doc.ts';

/**
 * A script for bash 3.2 and newer that completes commands, flags and values of `waymark`. It needs no other script, and
 * starts `waymark` only for names of hosts.
 */
export function bashCompletion(doc: CommandDoc): string {
  const all = allCommands(doc);
  const deeper = all.filter((c) => c.path.length > 0).map((c) => quoted(key(c)));
  return [
    '# completion for bash: waymark completion bash',
    ...HELPERS,
    '_waymark() {',
    '  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} at= i kind= words= flags= value=',
    '  COMPREPLY=()',
    '  # --flag=value arrives as three words',
    '  if [[ $cur == = ]]; then cur=; elif [[ $prev == = ]]; then prev=${COMP_WORDS[COMP_CWORD-2]}; fi',
    '  for (( i = 1; i < COMP_CWORD; i++ )); do',
    '    case "$at ${COMP_WORDS[i]}" in',
    `      ${deeper.join('|')}) at="$at \${COMP_WORDS[i]}" ;;`,
    '      *) break ;;',
    '    esac',
    '  done',
    '  case $at in',
    ...all.map(ownLine),
    '  esac',
    '  case "$at $prev" in',
    ...all.flatMap(valueLines),
    '  esac',
    '  if [[ -z $value && $cur == -* ]]; then kind=words words=$flags; fi',
    '  _waymark_offer',
    '}',
    'complete -F _waymark waymark',
    '',
  ].join('\n');
}

const HELPERS = [
  '_waymark_take() {',
  '  local line',
  '  while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen "$@")',
  '}',
  '_waymark_hosts() {',
  '  local i network=',
  '  for (( i = 1; i < ${#COMP_WORDS[@]} - 1; i++ )); do',
  '    case ${COMP_WORDS[i]} in',
  '      -n|--network)',
  '        network=${COMP_WORDS[i+1]}',
  '        if [[ $network == = ]]; then network=${COMP_WORDS[i+2]}; fi ;;',
  '    esac',
  '  done',
  '  network=${network/#\\~\\//$HOME/}',
  '  if [[ -n $network ]]; then "${COMP_WORDS[0]}" completion hosts -n "$network" 2>/dev/null </dev/null; fi',
  '}',
  '_waymark_offer() {',
  '  local before=',
  '  case $kind in',
  '    words) _waymark_take -W "$words" -- "$cur" ;;',
  '    list)',
  '      if [[ $cur == *,* ]]; then before=${cur%,*},; fi',
  '      _waymark_take -P "$before" -W "$words" -- "${cur##*,}" ;;',
  '    host) _waymark_take -W "$(_waymark_hosts)" -- "$cur" ;;',
  '    file) compopt -o filenames 2>/dev/null; _waymark_take -f -- "${cur//\\\\/}" ;;',
  '    folder) compopt -o filenames 2>/dev/null; _waymark_take -d -- "${cur//\\\\/}" ;;',
  '  esac',
  '}',
];

const key = (command: CommandDoc): string => command.path.map((word) => ` ${word}`).join('');
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** What stands where no value of a flag is wanted: commands below, or arguments. */
function ownLine(command: CommandDoc): string {
  const names = command.commands.map((c) => c.path.at(-1)!);
  const value: ValueDoc | undefined = names.length > 0 ? { kind: 'words', words: names } : command.arguments[0]?.value;
  const flags = command.flags.flatMap((f) => f.names);
  return `    ${quoted(key(command))}) flags=${quoted(flags.join(' '))}${value ? ` ${assigned(value)}` : ''} ;;`;
}

const assigned = (value: ValueDoc): string =>
  `kind=${value.kind}${'words' in value ? ` words=${quoted(value.words.join(' '))}` : ''}`;

const valueLines = (command: CommandDoc): readonly string[] =>
  command.flags.flatMap(({ names, value }) => {
    if (!value) return [];
    const patterns = names.map((name) => quoted(`${key(command)} ${name}`));
    return [`    ${patterns.join('|')}) value=1 ${assigned(value)} ;;`];
  });
