import type { CtKey } from '../../model/index.ts';
import type { Connection, Tuple } from '../connection.ts';
import type { Tracked } from '../hook-context.ts';
import type { Datum, Reader } from './run.ts';

/** The state word a rule sees. Before connection tracking, as without a connection, it is `invalid` (nft_ct.c). */
export const stateWord = (tracked: Tracked | null): string => tracked?.state ?? 'invalid';

/** The words of `ct status`. */
export function statusWords(c: Connection): readonly string[] {
  const words: string[] = [];
  if (c.seenReply) words.push('seen-reply');
  if (c.assured) words.push('assured');
  if (c.confirmed) words.push('confirmed');
  if (c.sourceNat) words.push('snat');
  if (c.destinationNat) words.push('dnat');
  return words;
}

type Part = 'saddr' | 'daddr' | 'sport' | 'dport';

function partOf(tuple: Tuple, part: Part): Datum {
  switch (part) {
    case 'saddr':
      return tuple.source;
    case 'daddr':
      return tuple.destination;
    case 'sport':
      return tuple.sourcePort;
    case 'dport':
      return tuple.destinationPort;
  }
}

function read(key: Exclude<CtKey, 'state'>, tracked: Tracked, c: Connection): Datum {
  switch (key) {
    case 'status':
      return statusWords(c);
    case 'direction':
      return tracked.direction;
    case 'mark':
      return c.mark;
    case 'l3proto':
      return c.original.source.family === 4 ? 2 : 10;
    case 'protocol':
      return c.original.protocol;
    default: {
      const [direction, part] = key.split('.') as ['original' | 'reply', Part];
      return partOf(direction === 'original' ? c.original : c.reply, part);
    }
  }
}

/** Reads what nft's `ct` gives (net/netfilter/nft_ct.c): without a connection only the state. */
export function ctReader(key: CtKey): Reader {
  if (key === 'state') return (run) => stateWord(run.tracked);
  return ({ tracked }) => (tracked?.connection ? read(key, tracked, tracked.connection) : undefined);
}
