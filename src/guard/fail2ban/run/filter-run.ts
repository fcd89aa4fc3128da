import { formatAddress, parseAddress, unmapped } from '../../../ip/index.ts';
import { groupOf } from '../pattern/compile-pattern.ts';
import type { DateFinder } from '../date/date-finder.ts';
import { Connections } from './connections.ts';
import { dateFinderOf, type RunnableFilter, type TaggedPattern } from './filter.ts';
import { splitWindow, windowText, type WindowLine } from './line-window.ts';
import { mergeConnection, type FailureGroups } from './merge-connection.ts';

/** A failure that a line tells of, as fail2ban would have it. */
export interface Failure {
  /** Whom it is of, as the line has it: an address mostly, else a name. */
  readonly id: string;
  /** Whether it is an address, and not a name. */
  readonly isAddress: boolean;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** The pattern that found it: its place among those of the filter, from 0. */
  readonly pattern: number;
  readonly groups: ReadonlyMap<string, string>;
  /** The lines that led to it. */
  readonly lines: readonly string[];
  readonly users: ReadonlySet<string>;
}

/** How a line went: nothing was found, a failure, or it was left out because of `ignoreregex`. */
export type LineOutcome = Failure | 'missed' | 'ignored' | 'harmless';

/** A date that was read so long ago does not count for a line without one, in milliseconds. */
const OLD_MS = 60_000;

/** Runs a filter over the lines of one log, in their order. */
export class FilterRun {
  readonly #filter: RunnableFilter;
  readonly #dates: DateFinder;
  readonly #connections = new Connections();
  /** Minutes east of Greenwich of times without a zone; null: those of this machine. */
  readonly #zone: number | null;
  #window: readonly WindowLine[] = [];
  #lastTime = NaN;
  #lastText = '';
  #lastTemplate: unknown = null;

  constructor(filter: RunnableFilter, zone: number | null = null) {
    this.#filter = filter;
    this.#dates = dateFinderOf(filter);
    this.#zone = zone;
  }

  /** Looks at a line, without its line feed; `now` in milliseconds since 1970. */
  look(whole: string, now: number): LineOutcome {
    return this.take(this.search(whole, now), now);
  }

  /** Searches in a line, and changes nothing that counts: see `InTime`. */
  search(whole: string, now: number): Searched {
    const { text, time } = this.#dated(whole, now);
    return this.searchDated({ whole, text }, time);
  }

  #dated(whole: string, now: number): { readonly text: string; readonly time: number } {
    const date = this.#dates.find(whole);
    if (date === null) return { text: whole, time: this.#usualTime(now) };
    const { from, to } = date;
    const said = whole.slice(from, to);
    const text = whole.slice(0, from) + whole.slice(to);
    if (said === '') return { text, time: this.#usualTime(now) };
    if (said === this.#lastText && date.template === this.#lastTemplate) return { text, time: this.#lastTime };
    const time = date.template.read(whole, date.begin, { now, zone: this.#zone });
    if (time === null) return { text: whole, time: this.#usualTime(now) };
    this.#lastText = said;
    this.#lastTemplate = date.template;
    this.#lastTime = time;
    return { text, time };
  }

  /** The time of a line that says none. */
  #usualTime(now: number): number {
    return this.#lastTime > now - OLD_MS ? this.#lastTime : now;
  }

  /** Searches in a line whose time is known, as that of the journal is. */
  searchDated(line: WindowLine, time: number): Searched {
    const { definition, prefix, fail, ignore } = this.#filter;
    const window = definition.maxlines > 1 ? [...this.#window, line].slice(-definition.maxlines) : [line];
    const whole = window.length === 1 ? `${line.text}\n` : windowText(window);
    const missed = { window, time, found: null, isIgnored: false };
    if (ignore.length > 0 && ignore.length < fail.length - 2 && isIgnored(ignore, whole))
      return { ...missed, isIgnored: true };
    const before = prefix && prefix.pattern.exec(whole);
    if (prefix && !before) return missed;
    const content = before ? groupOf(before, prefix.names.get('content')) : undefined;
    const text = content ? `${content}\n` : whole;
    for (const [index, pattern] of fail.entries()) {
      const found = pattern.pattern.exec(text);
      if (found === null) continue;
      const { matched, left } = splitWindow(content ? [line] : window, found, skippedBy(pattern, found));
      const ignored = ignore.length > 0 && isIgnored(ignore, definition.maxlines > 1 ? windowText(matched) : text);
      return { window: left, time, found: ignored ? null : { index, before, found, matched }, isIgnored: ignored };
    }
    return missed;
  }

  /** Takes what was found in a line: what is remembered changes, and a failure may be told. */
  take({ window, time, found, isIgnored }: Searched, now: number): LineOutcome {
    if (this.#filter.definition.maxlines > 1) this.#window = window;
    if (found === null) return isIgnored ? 'ignored' : 'missed';
    const { prefix, fail } = this.#filter;
    const groups = groupsOf(prefix, found.before);
    // what a pattern has counts more than what stands before it, also when it is not there
    for (const name of fail[found.index]!.names.keys()) groups.delete(name);
    for (const [name, text] of groupsOf(fail[found.index]!, found.found)) groups.set(name, text);
    return this.#failure({ groups, index: found.index, lines: found.matched.map((l) => l.whole), time, now });
  }

  #failure(match: Match): LineOutcome {
    const id = match.groups.get('mlfid');
    const connection = id === undefined ? null : mergeConnection(this.#connections, { id, ...match });
    if (id !== undefined && connection === null) return 'harmless';
    const groups = connection?.groups ?? match.groups;
    const address = groups.get('ip4') ?? groups.get('ip6');
    const whose = groups.get('fid') ?? address ?? groups.get('dns');
    if (whose === undefined) {
      if (connection) connection.isPending = true;
      return 'harmless';
    }
    const read = parseAddress(whose);
    return {
      id: read.ok ? formatAddress(unmapped(read.value)) : whose,
      isAddress: read.ok,
      time: match.time,
      pattern: match.index,
      groups: new Map(groups),
      lines: connection?.lines ?? match.lines,
      users: connection?.users ?? new Set(),
    };
  }
}

/** What was found in a line. */
export interface Searched {
  /** The lines that are left to be looked at with the next one. */
  readonly window: readonly WindowLine[];
  readonly time: number;
  readonly found: {
    readonly index: number;
    readonly before: RegExpExecArray | null;
    readonly found: RegExpExecArray;
    readonly matched: readonly WindowLine[];
  } | null;
  readonly isIgnored: boolean;
}

interface Match {
  readonly groups: FailureGroups;
  readonly index: number;
  readonly lines: readonly string[];
  readonly time: number;
  readonly now: number;
}

const isIgnored = (ignore: readonly TaggedPattern[], text: string): boolean =>
  ignore.some(({ pattern }) => pattern.exec(text) !== null);

function skippedBy({ names }: TaggedPattern, found: RegExpExecArray): string {
  let skipped = '';
  for (let i = 0; names.has(`skiplines${i}`); i++) skipped += groupOf(found, names.get(`skiplines${i}`)) ?? '';
  return skipped;
}

function groupsOf(pattern: TaggedPattern | null, found: RegExpExecArray | null): FailureGroups {
  const groups: FailureGroups = new Map();
  if (pattern === null || found === null) return groups;
  for (const [name, places] of pattern.names) {
    const text = groupOf(found, places);
    if (text !== undefined && name !== 'content') groups.set(name, text);
  }
  for (const [from, to] of pattern.alternatives) {
    const text = groups.get(from);
    if (text && !groups.get(to)) groups.set(to, text);
  }
  return groups;
}
