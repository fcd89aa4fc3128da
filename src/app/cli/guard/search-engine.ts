import { searchEngineOf, type GuardSettings } from '../../../guard/index.ts';
import type { Machine } from '../../../host/index.ts';
import { bitsOf, formatAddress, formatPrefix, type Prefix } from '../../../ip/index.ts';
import { reverseNames } from './names.ts';

/** Look-ups at a time. */
const AT_ONCE = 32;

/** Single addresses that are looked up at most: each takes a question to a name server, or two. */
export const MOST_LOOKED_UP = 1000;

/**
 * Which of these single addresses a search engine crawls from, each with why it is known, by its prefix as text; none
 * where the settings do not ask for it. Only the first `MOST_LOOKED_UP` are looked at.
 */
export async function searchEnginesAmong(
  machine: Machine,
  settings: GuardSettings,
  prefixes: readonly Prefix[],
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  if (!settings.searchEngines) return found;
  const left = prefixes.filter((p) => p.length === bitsOf(p.address.family)).slice(0, MOST_LOOKED_UP);
  const work = async (): Promise<void> => {
    for (let next = left.pop(); next; next = left.pop()) {
      const engine = searchEngineOf(next.address, await reverseNames(machine, next.address));
      if (engine) found.set(formatPrefix(next), `${formatAddress(next.address)} is a crawler of ${engine.name}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return found;
}
