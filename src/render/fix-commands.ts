import type { Fix } from '../diagnose/index.ts';
import type { Network } from '../model/index.ts';
import { changeWords } from './fix-sentence.ts';

/** What to type on one box. */
export interface HostCommands {
  readonly apply: readonly string[];
  readonly persist: readonly string[];
  readonly undo: readonly string[];
}

/** The fix as commands, by host. */
export function fixCommands(_network: Network, fix: Fix): Readonly<Record<string, HostCommands>> {
  const all: Record<string, HostCommands> = {};
  for (const change of fix.changes) {
    const own = all[change.host] ?? { apply: [], persist: [], undo: [] };
    all[change.host] = { ...own, apply: [...own.apply, changeWords(change)] };
  }
  return all;
}
