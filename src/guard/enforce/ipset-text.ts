import { bitsOf, formatAddress, formatPrefix, type Family, type Prefix } from '../../ip/index.ts';
import { counts, type Decision, type Rest } from '../decide/decision.ts';

/** What a set is for: leading to the page, what becomes of the rest, or whom nothing happens to. */
export type SetPurpose = 'page' | Exclude<Rest, 'through'> | 'allowed';

/** Those whose members come and go. */
export const BLOCKING: readonly Exclude<SetPurpose, 'allowed'>[] = ['page', 'reset', 'prohibit', 'drop'];

/** ipset(8): the longest timeout that the kernel keeps, 24.8 days; what is longer is loaded again before. */
export const LONGEST_S = 2_147_483;

/** `waymark-page4`. */
export const setName = (purpose: SetPurpose, family: Family): string => `waymark-${purpose}${family}`;

const purposesOf = (rest: Rest): readonly SetPurpose[] => BLOCKING.filter((p) => p === 'page' || p === rest);

/** The sets that a blocked prefix is in. */
export const ipsetsOf = ({ address }: Prefix, rest: Rest): readonly string[] =>
  purposesOf(rest).map((purpose) => setName(purpose, address.family));

/** Makes all sets of a family, for `ipset restore`. A hash of networks takes prefixes of every length but 0. */
export const createText = (family: Family, allowed: readonly Prefix[]): string =>
  [
    ...BLOCKING.map((purpose) => newSet(setName(purpose, family), family)),
    newSet(setName('allowed', family), family),
    membersText(setName('allowed', family), family, allowed),
  ].join('');

const newSet = (name: string, family: Family): string =>
  `create ${name} hash:net family ${family === 4 ? 'inet' : 'inet6'} maxelem 4194304 timeout 0\n`;

const membersText = (name: string, family: Family, members: readonly Prefix[]): string =>
  members
    .filter((p) => p.address.family === family)
    .map((p) => `add ${name} ${memberText(p)} -exist\n`)
    .join('');

/** Puts these into a family's set of the allowed instead of those before, at once. */
export function allowText(family: Family, allowed: readonly Prefix[]): string {
  const name = setName('allowed', family);
  const fresh = `${name}-new`;
  return `${newSet(fresh, family)}${membersText(fresh, family, allowed)}swap ${fresh} ${name}\ndestroy ${fresh}\n`;
}

/** Takes all sets of a family away, for `ipset restore -exist`-like use: one command a set. */
export const destroyCommands = (family: Family): readonly (readonly string[])[] =>
  [...BLOCKING, 'allowed' as const].map((purpose) => ['ipset', 'destroy', setName(purpose, family)]);

/** Puts a decision in place of an earlier one of the same prefix; nothing where it is over. */
export function blockText({ prefix, rest, until }: Decision, now: number): string {
  const { family } = prefix.address;
  const into = purposesOf(rest);
  const out = BLOCKING.filter((purpose) => !into.includes(purpose));
  // whole seconds only: the page rather a moment too long than too short
  const seconds = until === null ? 0 : Math.min(Math.ceil((until - now) / 1000), LONGEST_S);
  const timeout = ` timeout ${seconds}`;
  return [
    ...out.map((purpose) => `del ${setName(purpose, family)} ${memberText(prefix)} -exist\n`),
    ...into.map((purpose) => `add ${setName(purpose, family)} ${memberText(prefix)}${timeout} -exist\n`),
  ].join('');
}

/** The lines of many decisions that are new; those that are over are left out. */
export function loadText(decisions: Iterable<Decision>, now: number): string {
  const lines: string[] = [];
  for (const decision of decisions) if (counts(decision, now)) lines.push(blockText(decision, now));
  return lines.join('');
}

/** Takes a prefix out of all sets. */
export const liftText = (prefix: Prefix): string =>
  BLOCKING.map((purpose) => `del ${setName(purpose, prefix.address.family)} ${memberText(prefix)} -exist\n`).join('');

const memberText = (prefix: Prefix): string =>
  prefix.length === bitsOf(prefix.address.family) ? formatAddress(prefix.address) : formatPrefix(prefix);
