import type { Parsed } from '../../ip/index.ts';
import type { Route } from '../../model/index.ts';
import { readCommand } from './command-words.ts';
import { emptyDraft, finishRoute } from './route-draft.ts';
import { readDestination, readRouteWord } from './route-keys.ts';
import { spanOfText, splitWords, WordReader, type Place, type Word } from './words.ts';

/**
 * Reads one route as a person types it: `10.8.0.0/24 via 10.5.5.5 dev eth0 metric 50`, `unreachable 10.9.0.0/16`,
 * `default nexthop via 10.0.0.1 weight 1 nexthop via 10.0.0.2 weight 3`, or the whole `ip -6 route add …`. What is left
 * out becomes what `ip route add` takes: table, scope, metric, protocol `boot`. Null when anything is wrong; every fault
 * is noted at its word. Codes: those of `parseAddress` and `parsePrefix`, `key-unknown`, `key-missing`, `value-invalid`,
 * `name-unknown`, `line-not-modelled`.
 */
export function parseRouteWords(words: string, place: Place): Parsed<Route | null> {
  const reader = new WordReader(splitWords(words, place), spanOfText(words, place));
  const fact = { source: place.source, line: place.line, text: words.trim() };
  return readRoute(reader, 'typed', fact);
}

/**
 * The routes of a pasted `ip [-6] [-d] route show [table all]`, in its order. What is left out becomes what the listing
 * leaves out: table main, scope global, protocol boot. A line that is wrong is left out and noted; codes as in
 * `parseRouteWords`, and `line-limited` where an encapsulation is left out.
 */
export function parseRouteListing(text: string, source: string): Parsed<readonly Route[]> {
  const value: Route[] = [];
  const diagnostics = [];
  for (const entry of entriesOf(text, source)) {
    const reader = new WordReader(entry.words, spanOfText(entry.text, { source, line: entry.line }));
    const read = readRoute(reader, 'listed', { source, line: entry.line, text: entry.text });
    diagnostics.push(...read.diagnostics);
    if (read.value) value.push(read.value);
  }
  return { value, diagnostics };
}

interface Entry {
  readonly line: number;
  readonly text: string;
  readonly words: readonly Word[];
}

/** One entry a route: its line, and the `nexthop` lines that follow it. Cache and next hop object lines say nothing new. */
function entriesOf(text: string, source: string): readonly Entry[] {
  const entries: Entry[] = [];
  for (const [index, lineText] of text.split(/\r?\n/).entries()) {
    const words = splitWords(lineText, { source, line: index + 1 });
    const first = words[0]?.text;
    if (first === undefined || first === 'cache' || first === 'nh_info') continue;
    const last = entries.at(-1);
    if (first === 'nexthop' && last) {
      entries[entries.length - 1] = {
        ...last,
        text: `${last.text} ${lineText.trim()}`,
        words: [...last.words, ...words],
      };
    } else {
      entries.push({ line: index + 1, text: lineText.trim(), words });
    }
  }
  return entries;
}

function readRoute(reader: WordReader, mode: 'typed' | 'listed', fact: Route['fact']): Parsed<Route | null> {
  const draft = emptyDraft(mode, readCommand(reader, 'route'));
  if (readDestination(reader, draft)) {
    for (let key = reader.next(); key; key = reader.next()) readRouteWord(reader, draft, key);
  }
  const route = finishRoute(reader, draft);
  const sound = reader.diagnostics.every((d) => d.code === 'line-limited');
  return { value: route && sound ? { ...route, fact } : null, diagnostics: reader.diagnostics };
}
