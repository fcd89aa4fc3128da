import { formatAddress, formatPrefix } from '../ip/index.ts';
import type { MovedTraffic } from '../reach/index.ts';
import type { RouteEnd } from '../trace/index.ts';
import { outcomeWords } from './outcome-sentence.ts';

/** Prefixes that are named; of more the number is said. */
const NAMED = 12;

/** Which traffic goes another way after a change, one line a prefix; none where nothing moves. */
export function movedLines(moved: readonly MovedTraffic[]): readonly string[] {
  const lines = moved.slice(0, NAMED).map(({ prefix, before, after }) => {
    const name = prefix.length === 0 ? 'everything else' : formatPrefix(prefix);
    return `${name}: now ${endWords(before)}, then ${endWords(after)}`;
  });
  return moved.length > NAMED ? [...lines, `and ${moved.length - NAMED} more`] : lines;
}

function endWords(end: RouteEnd): string {
  switch (end.kind) {
    case 'here':
      return 'to this machine itself';
    case 'goes': {
      const source = end.source ? ` from ${formatAddress(end.source)}` : '';
      return end.via ? `via ${formatAddress(end.via)} dev ${end.dev}${source}` : `on ${end.dev} itself${source}`;
    }
    case 'refused':
      return end.error === 'ENETUNREACH' ? 'nowhere' : `refused (${end.error})`;
    case 'dropped':
      return `nowhere (${outcomeWords(end.outcome)})`;
  }
}
