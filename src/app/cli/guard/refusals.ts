import { isTooWide, type AllowList, type GuardSettings } from '../../../guard/index.ts';
import type { Machine } from '../../../host/index.ts';
import { formatPrefix, type Diagnostic, type Prefix } from '../../../ip/index.ts';
import { prefixName } from '../../../render/index.ts';
import { searchEnginesAmong } from './search-engine.ts';

/** What decides whether somebody may be blocked. */
export interface BlockRules {
  readonly settings: GuardSettings;
  readonly allow: AllowList;
  /** Whoever must not be blocked is, all the same. */
  readonly isForced: boolean;
  /** Wide prefixes too. */
  readonly isWideMeant: boolean;
}

/** Somebody who must not be blocked, and each reason for it. */
export interface Refused {
  readonly prefix: Prefix;
  readonly whys: readonly string[];
  /** The flag that blocks them all the same. */
  readonly flag: '--yes' | '--force';
}

/** Those who must not be blocked, whatever is forced, in their order. Wide ones not, where they are meant. */
export async function refusedOf(machine: Machine, rules: BlockRules, prefixes: readonly Prefix[]): Promise<Refused[]> {
  const engines = await searchEnginesAmong(machine, rules.settings, prefixes);
  return prefixes.flatMap((prefix): Refused[] => {
    const engine = engines.get(formatPrefix(prefix));
    const needed = [...rules.allow.refusalsOf(prefix).map((r) => r.why), ...(engine === undefined ? [] : [engine])];
    if (needed.length > 0) return [{ prefix, whys: needed, flag: '--force' }];
    if (rules.isWideMeant || rules.isForced || !isTooWide(prefix, rules.settings.widest)) return [];
    const widest = rules.settings.widest[prefix.address.family];
    return [{ prefix, whys: [`it is wider than /${widest}, and holds very many addresses`], flag: '--yes' }];
  });
}

/** What speaks against blocking these; said, and overridden, where that is forced. Code: `never-blocked`. */
export const refusalDiagnostics = (refused: readonly Refused[], isForced: boolean): readonly Diagnostic[] =>
  refused.flatMap(({ prefix, whys, flag }) =>
    whys.map((why): Diagnostic => ({
      code: 'never-blocked',
      severity: isForced ? 'warning' : 'error',
      message: isForced ? `${why}: blocked all the same` : `${prefixName(prefix)} is not blocked: ${why}`,
      hint: isForced
        ? 'whoever is on the allow list of the guard still gets to the site, until they are off it; crawlers do not'
        : `${flag} blocks it all the same`,
    })),
  );
