import type { Diagnostic } from '../../ip/index.ts';

/** Whose texts are read: `iptables-save`, `ip6tables-save`, `nft -t list ruleset`, `ip rule`, `wg show all fwmark`. */
export type MarkProgram = 'iptables' | 'ip6tables' | 'nft' | 'ip rule' | 'ip -6 rule' | 'wg';

/** A place where marks are used on this machine. */
export interface MarkUse {
  readonly by: MarkProgram;
  /** The rule, as its program lists it. */
  readonly text: string;
  /** What it does with a packet: gives it a mark, or does something to packets of a mark. */
  readonly does: 'sets' | 'asks';
  readonly value: number;
  /** The bits that count; all of them without a mask. */
  readonly mask: number;
  /** It asks for all but these. */
  readonly isNot: boolean;
}

const ALL = 0xffffffff;
const NUMBER = '(0x[0-9a-f]+|\\d+)';

/** What each program writes where marks are set or asked for: value, and mask if there is one. */
const FORMS: readonly { readonly by: RegExp; readonly does: MarkUse['does']; readonly form: RegExp }[] = [
  { by: /tables/, does: 'sets', form: new RegExp(`-j (?:CONN)?MARK --set-x?mark ${NUMBER}(?:/${NUMBER})?`, 'i') },
  { by: /tables/, does: 'asks', form: new RegExp(`(! )?--mark ${NUMBER}(?:/${NUMBER})?`, 'i') },
  { by: /nft/, does: 'sets', form: new RegExp(`(?:meta|ct) mark set ${NUMBER}`, 'i') },
  // `meta mark & MASK == VALUE`, `ct mark != VALUE`; or bits that are added: `meta mark set meta mark | VALUE`
  { by: /nft/, does: 'asks', form: new RegExp(`(?:meta|ct) mark (?!set)(?:& ${NUMBER} )?(==|!=)? ?${NUMBER}`, 'i') },
  { by: /rule/, does: 'asks', form: new RegExp(`(not )?from .*fwmark ${NUMBER}(?:/${NUMBER})?`, 'i') },
  { by: /wg/, does: 'sets', form: new RegExp(`^\\S+ ${NUMBER}$`, 'i') },
];

/** Rules that put a mark together of others': what comes out is not one number. */
const MIXED = /--restore-mark|--or-mark|--and-mark|--xor-mark|mark set (?:meta|ct) mark/;

/** All uses of marks in what a program lists, but for the guard's own. */
export function markUses(by: MarkProgram, listing: string): readonly MarkUse[] {
  const uses: MarkUse[] = [];
  let isOwn = false;
  for (const line of listing.split('\n')) {
    if (line.startsWith('table ')) isOwn = line.startsWith('table inet waymark ');
    const text = line.trim().replaceAll(/\s+/g, ' ');
    if (isOwn || /^-A WAYMARK-/.test(text)) continue;
    const use = useOf(by, text);
    if (use) uses.push(use);
  }
  return uses;
}

function useOf(by: MarkProgram, text: string): MarkUse | null {
  if (MIXED.test(text)) return { by, text, does: 'sets', value: 0, mask: 0, isNot: false };
  for (const { does, form } of FORMS.filter((f) => f.by.test(by))) {
    const found = form.exec(text);
    if (!found) continue;
    const parts = found.slice(1).filter((p) => p !== undefined);
    const isNot = parts.some((p) => /not|!/.test(p));
    const numbers = parts.filter((p) => /^\d/.test(p)).map(Number);
    const [value, mask = ALL] = by === 'nft' && numbers.length > 1 ? numbers.toReversed() : numbers;
    return { by, text, does, value: value!, mask, isNot };
  }
  return null;
}

/**
 * What speaks against a mark, and what somebody should know who takes it. Codes: `mark-taken` for rules that would act on it,
 * or lead others to the page; `mark-shared` (a warning) where others set marks too: IPVS compares the whole mark.
 */
export function markFaults(uses: readonly MarkUse[], mark: number): readonly Diagnostic[] {
  const taken = uses.filter((use) => takes(use, mark));
  // WireGuard marks what it sends itself
  const shared = uses.filter((use) => use.does === 'sets' && use.by !== 'wg' && !taken.includes(use));
  const hint = 'name another mark in the settings, or take that rule away';
  const faults = taken.map(({ by, text, does }): Diagnostic => {
    const what = does === 'sets' ? 'gives other packets the mark' : 'acts on packets of the mark';
    return { code: 'mark-taken', severity: 'error', message: `${by} ${what} ${mark}: ${text}`, hint };
  });
  if (shared.length === 0) return faults;
  const who = [...new Set(shared.map(({ by, text }) => `${by}: ${text}`))];
  const more = who.length > 3 ? ` and ${who.length - 3} more` : '';
  const message = `others set marks too; a packet whose mark they change does not get to the page: ${who.slice(0, 3).join('; ')}${more}`;
  return [...faults, { code: 'mark-shared', severity: 'warning', message }];
}

/** Whether a rule gives exactly this mark, or treats packets of it otherwise than those without any. */
function takes({ does, value, mask, isNot }: MarkUse, ours: number): boolean {
  if (does === 'sets') return mask === ALL && value === ours;
  const asksFor = (mark: number): boolean => ((mark & mask) >>> 0 === (value & mask) >>> 0) !== isNot;
  return asksFor(ours) && !asksFor(0);
}
