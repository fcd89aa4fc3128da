/** How a piece of a pasted text begins: its kind, and what its first line looks like. */
export type PieceStart<K extends string> = readonly [kind: K, begins: RegExp];

/**
 * A pasted text with the output of several commands, taken apart: each kind's text has all lines of the others empty, so
 * that line numbers stay. A piece ends where the next begins. `first` is the kind of what stands in front of all.
 */
export function piecesOf<K extends string>(
  text: string,
  starts: readonly PieceStart<K>[],
  first: K,
): (kind: K) => string {
  let kind = first;
  const lines = text.split(/\r?\n/).map((line) => {
    kind = starts.find(([, begins]) => begins.test(line))?.[0] ?? kind;
    return { kind, line };
  });
  return (wanted) => lines.map(({ kind: own, line }) => (own === wanted ? line : '')).join('\n');
}
