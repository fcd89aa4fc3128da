import { addToAddress, lastAddress, parseAddress, parsePrefix, toBigInt, type Address } from '../../ip/index.ts';
import type { VirtualMatch } from '../../model/index.ts';
import { ignores, type Faults, type Statement } from './faults.ts';
import { numberIn } from './values.ts';

/** What a virtual server stands at; the protocol of addresses follows later. */
export type Target =
  | { readonly kind: 'mark'; readonly mark: number }
  | { readonly kind: 'address'; readonly address: Address; readonly port: number };

/** With its protocol. */
export const matchOf = (target: Target, protocol: number): VirtualMatch =>
  target.kind === 'mark' ? target : { ...target, protocol };

/** A range with more addresses than this is cut. */
const MAX_RANGE = 256;

/** The targets of a `virtual_server_group`. */
export function readGroup(at: Statement, faults: Faults): readonly Target[] {
  return (at.block ?? []).flatMap((entry): readonly Target[] => {
    const [first, second] = entry.words;
    if (first?.text === 'fwmark') return markOf(entry, faults);
    const port = second === undefined ? 0 : numberIn(second.text, 1, 65535);
    const range = rangeOf(first?.text ?? '');
    if (!range || port === null) {
      faults.note(
        entry,
        ignores(`Invalid virtual server group IP address ${(first?.text ?? '').slice(0, 80)} - skipping`),
      );
      return [];
    }
    if (range.count > MAX_RANGE) {
      const message = `of this range only the first ${MAX_RANGE} addresses are taken`;
      faults.note(entry, ['line-limited', message]);
    }
    const count = Math.min(range.count, MAX_RANGE);
    return Array.from({ length: count }, (_, i) => ({ kind: 'address', address: addToAddress(range.from, i), port }));
  });
}

/** `fwmark 2000`, the mark in the word behind; nothing when it is none, which is noted. */
export function markOf(at: Statement, faults: Faults): Target[] {
  const i = at.words.findIndex((w) => w.text === 'fwmark') + 1;
  const mark = numberIn(at.words[i]?.text, 1, 0xffffffff);
  if (mark !== null) return [{ kind: 'mark', mark }];
  const text = (at.words[i]?.text ?? '').slice(0, 60);
  const hint = 'a whole number without 0x';
  faults.note(at, ignores(`virtual server fwmark '${text}' must be in [0, 4294967295] - ignoring`, hint), at.words[i]);
  return [];
}

/** `10.0.0.1`, `10.0.0.1-9`, `10.0.0.1-10.0.1.5`, `10.0.0.0/29`. */
function rangeOf(text: string): { from: Address; count: number } | null {
  const [start = '', end] = text.split('-');
  if (end === undefined && text.includes('/')) {
    const prefix = parsePrefix(text);
    return prefix.ok
      ? { from: prefix.value.address, count: countOf(prefix.value.address, lastAddress(prefix.value)) }
      : null;
  }
  const from = parseAddress(start);
  if (!from.ok) return null;
  if (end === undefined) return { from: from.value, count: 1 };
  const to = parseAddress(/[.:]/.test(end) ? end : start.replace(/[^.:]*$/, end));
  const count = to.ok && to.value.family === from.value.family ? countOf(from.value, to.value) : 0;
  return count > 0 ? { from: from.value, count } : null;
}

/** How many addresses there are from one to the other, counted up to a large number; not above 0 when they are turned. */
function countOf(from: Address, to: Address): number {
  const count = toBigInt(to) - toBigInt(from) + 1n;
  return count > 1_000_000n ? 1_000_000 : Number(count);
}
