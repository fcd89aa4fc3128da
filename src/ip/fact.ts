/** Where a piece of knowledge comes from: shown as evidence wherever it decided something. */
export interface Fact {
  /** A file name, or the command whose output it is. `assumption` when nothing was collected. */
  readonly source: string;
  /** Line in that file or output, from 1; 0 when there is none. */
  readonly line: number;
  /** The line itself, or the piece of it that says so. */
  readonly text: string;
}

/** A fact that nobody collected. Steps that rest on one say so. */
export const assumption = (text: string): Fact => ({ source: 'assumption', line: 0, text });

/** Whether a fact is only assumed. */
export const isAssumption = (fact: Fact): boolean => fact.source === 'assumption';
