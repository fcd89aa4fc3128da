import type { LogPlace } from '../../../../host/index.ts';

/** Takes what a log says. */
export interface LogTaker {
  /** Takes more of it: whole lines, or pieces that go on; where the log goes on behind it, null when that can't be said. */
  take(text: string, place: LogPlace | null): Promise<void>;
  /** What was said last goes on no more: what comes next begins a line. */
  cut(): Promise<void>;
  /** What is wrong with where the log comes from, in plain words. */
  fault(words: string): void;
}
