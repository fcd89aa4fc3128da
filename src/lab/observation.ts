/** What a program at the sender sees of one probe. */
export type Observation =
  | { readonly kind: 'answered'; readonly from: string }
  | { readonly kind: 'timeout' }
  /** The connection opens, then nothing comes. */
  | { readonly kind: 'hang' }
  /** An ICMP error that ping names: type and code of the packet's family. */
  | { readonly kind: 'icmp'; readonly type: number; readonly code: number; readonly from: string }
  /** The error that a call ends with, as errno(3) names it. A program can't tell who said so. */
  | { readonly kind: 'error'; readonly errno: string }
  /** Words that the lab does not know. */
  | { readonly kind: 'other'; readonly text: string };

/** A probe, and the same once more where the first ping was not answered. */
export interface Probed {
  readonly first: Observation;
  readonly second: Observation | null;
}

/** Whether two observations are the same for the person who looks. */
export function sameObservation(a: Observation, b: Observation): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

const sorted = (o: Observation): unknown => Object.entries(o).sort(([x], [y]) => (x < y ? -1 : 1));

/** Whether what was predicted is what was seen, on the first try and on the second. */
export function sameProbed(a: Probed, b: Probed): boolean {
  const isHealed = (p: Probed): boolean => p.second?.kind === 'answered';
  return sameObservation(a.first, b.first) && isHealed(a) === isHealed(b);
}
