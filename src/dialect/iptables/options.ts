import type { Token } from './tokens.ts';

/** One option of a rule with what stands behind it. */
export interface Option {
  /** Canonical, without dashes: `dport`, `s`, `A`. Empty for words that belong to no option. */
  readonly name: string;
  /** `!` stood in front. */
  readonly negated: boolean;
  /** Where it starts and ends in the line, the `!` and the values included. */
  readonly start: number;
  readonly end: number;
  readonly values: readonly Token[];
}

/** Options of iptables itself: the fewest and the most values each takes. */
export const BASE: ReadonlyMap<string, readonly [number, number]> = new Map<string, readonly [number, number]>([
  ...['A', 'N', 'm', 'j', 'g', 's', 'd', 'i', 'o', 'p', 't'].map((name) => [name, [1, 1]] as const),
  ...['f', 'v', 'n', 'x', '4', '6'].map((name) => [name, [0, 0]] as const),
  ...['F', 'X', 'Z', 'w', 'W'].map((name) => [name, [0, 1]] as const),
  ...['I', 'D', 'R', 'C', 'E', 'L', 'S'].map((name) => [name, [1, 2]] as const),
  ['P', [2, 2]],
  ['c', [2, 2]],
]);

/** Long and old names of options (iptables(8), iptables-extensions(8)). */
const ALIASES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    append: 'A',
    insert: 'I',
    delete: 'D',
    replace: 'R',
    check: 'C',
    policy: 'P',
    'new-chain': 'N',
    flush: 'F',
    'delete-chain': 'X',
    zero: 'Z',
    'rename-chain': 'E',
    list: 'L',
    'list-rules': 'S',
    table: 't',
    source: 's',
    src: 's',
    destination: 'd',
    dst: 'd',
    'in-interface': 'i',
    'out-interface': 'o',
    protocol: 'p',
    proto: 'p',
    jump: 'j',
    goto: 'g',
    match: 'm',
    fragment: 'f',
    fragments: 'f',
    'set-counters': 'c',
    wait: 'w',
    'wait-interval': 'W',
    verbose: 'v',
    numeric: 'n',
    ipv4: '4',
    ipv6: '6',
    exact: 'x',
    'source-port': 'sport',
    'destination-port': 'dport',
    'source-ports': 'sports',
    'destination-ports': 'dports',
    port: 'ports',
    'icmpv6-type': 'icmp-type',
    ttl: 'ttl-eq',
    hl: 'hl-eq',
    'set-xmark/mask': 'set-xmark',
    'to-port': 'to-ports',
  }),
);

/** Options whose one value is any text, even one that looks like an option: iptables-save doesn't quote `--odd`. */
const TAKES_TEXT: ReadonlySet<string> = new Set([
  'comment',
  'log-prefix',
  'nflog-prefix',
  'ulog-prefix',
  'string',
  'hex-string',
  'name',
  'hashlimit-name',
  'set-xmark',
  'set-mark',
]);

/** The options of a line's words, in order. What belongs to no option has the empty name. */
export function optionsOf(tokens: readonly Token[]): readonly Option[] {
  const options: Option[] = [];
  let at = 0;
  while (at < tokens.length) {
    const [option, next] = readOption(tokens, at);
    options.push(option);
    at = next;
  }
  return options;
}

const isOption = (token: Token | undefined): boolean =>
  token !== undefined && !token.quoted && (token.text === '!' || /^-(-?[a-z]|[46]$)/i.test(token.text));

function readOption(tokens: readonly Token[], at: number): readonly [Option, number] {
  const start = tokens[at]!.start;
  const bang = tokens[at]!.text === '!' && !tokens[at]!.quoted && at + 1 < tokens.length;
  const word = bang ? tokens[at + 1]! : tokens[at]!;
  const first = bang ? at + 2 : at + 1;
  if (word.text === '!' || !isOption(word)) {
    return [{ name: '', negated: bang, start, end: word.end, values: [word] }, first];
  }
  const { name, glued } = nameOf(word);
  const values: Token[] = glued ? [glued] : [];
  const [fewest, most] = BASE.get(name) ?? (TAKES_TEXT.has(name) ? [1, 1] : [0, Infinity]);
  let next = first;
  while (next < tokens.length && values.length < most && (values.length < fewest || !isOption(tokens[next]))) {
    values.push(tokens[next++]!);
    // `-s ! ADDRESS`, as iptables once allowed: kept together, and refused as a whole
    if (values.length === fewest && values.at(-1)!.text === '!' && next < tokens.length) values.push(tokens[next++]!);
  }
  return [{ name, negated: bang, start, end: (values.at(-1) ?? word).end, values }, next];
}

/** `--dport`, `--dport=22`, `-s`; in scripts also `-s10.0.0.1`. */
function nameOf(word: Token): { readonly name: string; readonly glued: Token | null } {
  const long = word.text.startsWith('--');
  const equals = long ? word.text.indexOf('=') : word.text.length > 2 ? 2 : -1;
  const written = word.text.slice(long ? 2 : 1, equals < 0 ? undefined : equals);
  // A long option of one letter is not the short one
  const name = long ? (ALIASES.get(written) ?? (written.length > 1 ? written : `-${written}`)) : written;
  if (equals < 0) return { name, glued: null };
  const from = long ? equals + 1 : 2;
  return { name, glued: { text: word.text.slice(from), quoted: word.quoted, start: word.start + from, end: word.end } };
}
