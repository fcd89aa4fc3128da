import {
  formatPrefix,
  type Diagnostic,
  type DiagnosticCode,
  type Family,
  type Parsed,
  type Prefix,
  type Severity,
  type Span,
} from '../../../ip/index.ts';
import { isTooWide, readTarget } from '../target.ts';
import { TextPool } from '../text-pool.ts';
import type { BlockList, ListEntry, ListFormat, ListRemark } from './list-entry.ts';

/** Most entries that are read of one list. */
export const ENTRY_LIMIT = 2_000_000;
const FAULT_LIMIT = 50;
const LONGEST_LINE = 300;
const LONGEST_REASON = 200;

/** What is wrong, without the place. */
export interface Fault {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  readonly message: string;
  readonly hint?: string;
}

/** A piece of a text: where it begins in the whole, and how long it is. */
export interface Piece {
  readonly at: number;
  readonly length: number;
}

/** Gathers what the parsers of lists find: each prefix once, the first faults with their places, the rest counted. */
export class ListCollector {
  readonly #text: string;
  readonly #source: string;
  readonly #widest: Readonly<Record<Family, number>>;
  readonly #entries: ListEntry[] = [];
  readonly #reasons = new TextPool();
  readonly #rowOf = new Map<number | string, number>();
  readonly #faults: Diagnostic[] = [];
  #moreFaults = 0;
  /** Of those that are only counted. */
  #heaviest: Severity = 'warning';
  #isFull = false;
  /** Why entries were left out: how many, and where the first was. */
  readonly #leftOut = new Map<string, { count: number; readonly first: Piece }>();

  constructor(text: string, source: string, widest: Readonly<Record<Family, number>>) {
    this.#text = text;
    this.#source = source;
    this.#widest = widest;
  }

  /**
   * Takes the address or prefix in `word`, which stands at `at`. Returns whether it is one; what is none is a fault, or,
   * with `otherwise`, left out for that reason.
   */
  add(word: string, at: number, remark: ListRemark = {}, otherwise?: string): boolean {
    const read = readTarget(word);
    if (!read.ok && otherwise !== undefined) {
      this.leaveOut(otherwise, pieceOf(word, at));
      return false;
    }
    if (!read.ok) {
      const { code, message, hint } = read;
      this.fault({ code, severity: 'error', message, ...(hint === undefined ? {} : { hint }) }, pieceOf(word, at));
      return false;
    }
    this.addPrefix(read.value.prefix, pieceOf(word, at), remark);
    return true;
  }

  /** Takes a prefix that a piece of the text names. */
  addPrefix(prefix: Prefix, piece: Piece, remark: ListRemark = {}): void {
    if (!isTooWide(prefix, this.#widest)) {
      this.#put(prefix, remark, piece);
      return;
    }
    const shortest = this.#widest[prefix.address.family];
    const message = `${formatPrefix(prefix)} is left out: it is wider than a /${shortest}`;
    this.fault({ code: 'prefix-too-wide', severity: 'warning', message }, piece);
  }

  /** Notes what is wrong with a piece of the text. */
  fault(fault: Fault, piece: Piece): void {
    if (this.#faults.length < FAULT_LIMIT) {
      this.#faults.push({ ...fault, span: this.#span(piece) });
      return;
    }
    this.#moreFaults++;
    if (fault.severity === 'error') this.#heaviest = 'error';
  }

  /** Counts an entry that is rightly passed over. `why` completes "2 entries are left out: …". */
  leaveOut(why: string, piece: Piece): void {
    const known = this.#leftOut.get(why);
    if (known !== undefined) known.count++;
    else if (this.#leftOut.size < FAULT_LIMIT) this.#leftOut.set(why, { count: 1, first: piece });
  }

  /** All that was found. */
  finish(format: ListFormat): Parsed<BlockList> {
    const diagnostics = [...this.#faults];
    if (this.#moreFaults > 0) {
      const message = `${this.#moreFaults} more entries of ${this.#source} have faults like these`;
      diagnostics.push({ code: 'line-unknown', severity: this.#heaviest, message });
    }
    for (const [why, { count, first }] of this.#leftOut) {
      const message = `${count === 1 ? 'one entry is' : `${count} entries are`} left out: ${why}`;
      diagnostics.push({ code: 'entry-left-out', severity: 'warning', message, span: this.#span(first) });
    }
    return { value: { format, entries: this.#entries }, diagnostics };
  }

  #put(prefix: Prefix, remark: ListRemark, piece: Piece): void {
    const key = keyOf(prefix);
    const row = this.#rowOf.get(key);
    if (row !== undefined) {
      this.#entries[row] = { ...merged(this.#entries[row]!, this.#clean(remark)), prefix };
      return;
    }
    if (this.#entries.length >= ENTRY_LIMIT) {
      this.#refuseMore(piece);
      return;
    }
    this.#rowOf.set(key, this.#entries.length);
    this.#entries.push({ prefix, ...this.#clean(remark) });
  }

  /** Reasons are often the same: one text then serves for all. */
  #clean(remark: ListRemark): ListRemark {
    if (remark.reason === undefined) return remark;
    return { ...remark, reason: this.#reasons.shared(cleanReason(remark.reason)) };
  }

  #refuseMore(piece: Piece): void {
    if (this.#isFull) return;
    this.#isFull = true;
    const message = `no more than ${ENTRY_LIMIT} entries are read of one list`;
    this.#faults.push({ code: 'input-too-large', severity: 'error', message, span: this.#span(piece) });
  }

  /** Counts lines from the start each time: there are few faults that are kept. */
  #span({ at, length }: Piece): Span {
    let line = 1;
    let start = 0;
    for (let end = this.#text.indexOf('\n'); end >= 0 && end < at; end = this.#text.indexOf('\n', start)) {
      line++;
      start = end + 1;
    }
    const end = this.#text.indexOf('\n', at);
    const text = this.#text.slice(start, end < 0 ? this.#text.length : end).replace(/\r$/, '');
    const span = { source: this.#source, line, column: at - start + 1, length: Math.max(1, length) };
    return text.length > LONGEST_LINE ? span : { ...span, text };
  }
}

const pieceOf = (word: string, at: number): Piece => ({ at, length: word.length });

const keyOf = ({ address: a, length }: Prefix): number | string =>
  a.family === 4 ? a.w3 * 64 + length : `${a.w0} ${a.w1} ${a.w2} ${a.w3} ${length}`;

/** One line, not too long. */
function cleanReason(text: string): string {
  const reason = text.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim();
  return reason.length > LONGEST_REASON ? `${reason.slice(0, LONGEST_REASON - 3)}...` : reason;
}

/** The one that lasts longer, with what only the other one says. */
function merged(before: ListRemark, after: ListRemark): ListRemark {
  const [winner, other] = lastsLonger(after, before) ? [after, before] : [before, after];
  // only the winner's `until` can be here
  const { until, seconds, ...rest } = { ...other, ...winner };
  if (until !== undefined) return { ...rest, until };
  return seconds === undefined ? rest : { ...rest, seconds };
}

/** An end that is named counts more than none, a time of day more than a length of time. */
function lastsLonger(a: ListRemark, b: ListRemark): boolean {
  if (a.until !== undefined || b.until !== undefined) return endOf(a.until) > endOf(b.until);
  return (a.seconds ?? 0) > (b.seconds ?? 0);
}

const endOf = (until: number | null | undefined): number => (until === undefined ? -Infinity : (until ?? Infinity));
