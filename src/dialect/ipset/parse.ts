import type { DiagnosticCode, Fact, Parsed, Severity } from '../../ip/index.ts';
import type { Entry, NamedSet } from '../../model/index.ts';
import { FaultList } from './faults.ts';
import { flattenLists, type DraftSet } from './flatten.ts';
import { readMember, type Dimension, type SetType } from './member.ts';

/** What is known while the lines are read. */
interface Reading {
  readonly source: string;
  readonly drafts: Map<string, DraftSet>;
  readonly faults: FaultList;
}

/** One line, split into words. */
interface Line {
  readonly number: number;
  readonly text: string;
  readonly words: readonly string[];
}

/**
 * Reads `ipset save` output (ipset(8)), or a file for `ipset restore`: the sets by name, in order of their creation.
 *
 * Members are elements such that membership is a plain test: a dimension `ip` or `net` is one part (address, prefix or
 * address-range), `port` two (protocol number, port; only the port in `bitmap:port`), `iface` an interface name, `mark`
 * a number. A member of one part stands alone, others are concats. `list:set` holds what its sets hold. With
 * `nomatch` an entry is an `except`: the longest prefix decides. A set with members that are not modelled (MAC
 * addresses, ICMP types, bridge ports) is `dynamic`: what it holds is uncertain.
 */
export function parseIpsetSave(text: string, source: string): Parsed<ReadonlyMap<string, NamedSet>> {
  const reading: Reading = { source, drafts: new Map(), faults: new FaultList(source) };
  let number = 0;
  for (const raw of text.split('\n')) {
    number++;
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || line === 'COMMIT') continue;
    readLine({ number, text: line, words: wordsOf(line) }, reading);
  }
  const missing = (draft: DraftSet, name: string): void => {
    const span = { source, line: draft.fact.line, column: 1, length: draft.fact.text.length, text: draft.fact.text };
    const message = `set '${draft.name}' holds set '${name}', which is not there`;
    reading.faults.add({ code: 'set-missing', severity: 'warning', message, span });
  };
  return { value: flattenLists(reading.drafts, missing), diagnostics: reading.faults.all() };
}

/** Words, with quoted comments as one; `ipset` and `sudo` in front of a script's lines are left out. */
function wordsOf(line: string): string[] {
  const words = line.includes('"') ? (line.match(/"(?:[^"\\]|\\.)*"|[^\s"]+/g) ?? []) : line.split(/\s+/);
  const start = words.findIndex((w) => w !== 'sudo' && w !== 'ipset' && w !== '/sbin/ipset' && w !== '/usr/sbin/ipset');
  return start > 0 ? words.slice(start) : words;
}

function readLine(line: Line, reading: Reading): void {
  const words = line.words.filter((w) => w !== '-exist' && w !== '-!');
  const [command, name] = words;
  const set = reading.drafts.get(name ?? '');
  if (command === 'create' || command === '-N') createSet(line, words, reading);
  else if (command === 'add' || command === '-A') addMember(line, words, reading);
  else if (command === 'flush' && set) set.entries.length = set.lists.length = 0;
  else fault(line, reading, COMMANDS.has(command ?? '') ? 'line-not-modelled' : 'line-unknown', 0);
}

const COMMANDS: ReadonlySet<string> = new Set([
  'del',
  '-D',
  'destroy',
  '-X',
  'rename',
  '-E',
  'swap',
  '-W',
  'test',
  'flush',
  '-F',
]);

const MESSAGES = {
  'line-unknown': 'this is no line of an ipset list',
  'line-not-modelled': 'this is not followed: the set is taken to hold what it may or may not hold',
  'value-invalid': 'this is no member of such a set',
  'set-missing': 'no such set was created before this line',
} satisfies Partial<Record<DiagnosticCode, string>>;

function fault(line: Line, reading: Reading, code: keyof typeof MESSAGES, word: number): void {
  const text = line.words[word] ?? line.text;
  const severity: Severity = code === 'value-invalid' ? 'error' : 'warning';
  const column = Math.max(line.text.indexOf(text), 0) + 1;
  const span = { source: reading.source, line: line.number, column, length: text.length, text: line.text };
  reading.faults.add({ code, severity, message: MESSAGES[code], span });
}

const DIMENSIONS: ReadonlySet<string> = new Set<Dimension>(['ip', 'net', 'port', 'iface', 'mark', 'mac', 'set']);
const isDimension = (text: string): text is Dimension => DIMENSIONS.has(text);
const isMethod = (text: string | undefined): text is SetType['method'] =>
  text === 'hash' || text === 'bitmap' || text === 'list';

function createSet(line: Line, words: readonly string[], reading: Reading): void {
  const [method, list] = words[2]?.split(':') ?? [];
  const dimensions = list?.split(',') ?? [];
  if (words[1] === undefined || !isMethod(method) || !dimensions.every(isDimension)) {
    fault(line, reading, 'line-unknown', 0);
    return;
  }
  const netmask = Number(words[words.indexOf('netmask', 3) + 1]);
  const hasNetmask = words.includes('netmask', 3) && Number.isInteger(netmask) && netmask >= 0;
  const type: SetType = {
    method,
    dimensions,
    wildcard: words.includes('wildcard', 3),
    ...(hasNetmask ? { netmask } : {}),
  };
  const odd = dimensions.includes('mac') || words.includes('bitmask', 3);
  if (odd) fault(line, reading, 'line-not-modelled', 2);
  const fact: Fact = { source: reading.source, line: line.number, text: line.text };
  reading.drafts.set(words[1], { name: words[1], type, entries: [], lists: [], uncertain: odd, fact });
}

function addMember(line: Line, words: readonly string[], reading: Reading): void {
  const [, name, member] = words;
  const draft = reading.drafts.get(name ?? '');
  if (!draft) {
    fault(line, reading, 'set-missing', 1);
    return;
  }
  if (member === undefined) {
    fault(line, reading, 'value-invalid', 0);
    return;
  }
  if (draft.type.method === 'list') return void draft.lists.push(member);
  const key = readMember(member, draft.type);
  if (key === 'invalid') {
    fault(line, reading, 'value-invalid', line.words.indexOf(member));
    return;
  }
  if (key === 'unmodelled') {
    if (!draft.uncertain) fault(line, reading, 'line-not-modelled', line.words.indexOf(member));
    draft.uncertain = true;
    return;
  }
  const entry: Entry = words.includes('nomatch', 3) ? { key, except: true } : { key };
  draft.entries.push(entry);
}
