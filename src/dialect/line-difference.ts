/** One piece of a text that differs: whole lines, with the line before and behind it. */
export interface LineDifference {
  /** Lines before it that both texts have. */
  readonly at: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
  readonly above: string | undefined;
  readonly below: string | undefined;
}

/** The smallest piece of lines outside of which both texts are the same. */
export const lineDifference = (from: string, to: string): LineDifference =>
  differenceOf(from.split('\n'), to.split('\n'));

/** The same of lists of lines. */
export function differenceOf(a: readonly string[], b: readonly string[]): LineDifference {
  const shorter = Math.min(a.length, b.length);
  let at = 0;
  while (at < shorter && a[at] === b[at]) at++;
  let tail = 0;
  while (tail < shorter - at && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  return {
    at,
    removed: a.slice(at, a.length - tail),
    added: b.slice(at, b.length - tail),
    above: a[at - 1],
    below: a[a.length - tail],
  };
}

/** A text that others changed elsewhere with that difference made in it; null where its place is not found, or more than once. */
export function withDifference(text: string, { removed, added, above, below }: LineDifference): string | null {
  const lines = text.split('\n');
  const places = removed.length > 0 ? placesOf(lines, removed) : gapsOf(lines, above, below);
  if (places.length === 1)
    return [...lines.slice(0, places[0]), ...added, ...lines.slice(places[0]! + removed.length)].join('\n');
  const isDone = places.length === 0 && (added.length === 0 || placesOf(lines, added).length === 1);
  return isDone ? text : null;
}

const placesOf = (lines: readonly string[], block: readonly string[]): readonly number[] =>
  lines.flatMap((_, i) => (block.every((line, k) => lines[i + k] === line) ? [i] : []));

/** Places between those two lines; undefined is the text's own end. */
const gapsOf = (lines: readonly string[], above: string | undefined, below: string | undefined): readonly number[] =>
  [...lines, undefined].flatMap((line, i) => (lines[i - 1] === above && line === below ? [i] : []));
