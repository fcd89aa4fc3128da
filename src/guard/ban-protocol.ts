import {
  formatPrefix,
  hostPrefix,
  parseAddress,
  parsePrefix,
  unmapped,
  type Diagnostic,
  type Prefix,
} from '../ip/index.ts';
import type { Decision } from './decide/decision.ts';
import type { Guard } from './guard.ts';

/** What another program that finds offenders asks: fail2ban by `share/fail2ban/waymark.py`. */
export type BanRequest =
  /** Seconds to go; null is for good. Whoever must not be blocked is left out. */
  | { readonly do: 'ban'; readonly by: string; readonly bans: readonly Ban[] }
  /** Only what the same program decided is lifted. */
  | { readonly do: 'unban'; readonly by: string; readonly targets: readonly string[] };

/** Somebody to block. */
export interface Ban {
  readonly target: string;
  readonly seconds: number | null;
  /** Lines that led to it. */
  readonly evidence?: readonly string[];
}

/** What bans are taken with. */
export interface BanDesk {
  readonly guard: Pick<Guard, 'at' | 'blockAll' | 'lift'>;
  /** Those of them who must not be blocked, with why. */
  readonly refused: (
    prefixes: readonly Prefix[],
  ) => Promise<readonly { readonly prefix: Prefix; readonly why: string }[]>;
  readonly reference: () => string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Lines of evidence that are kept, and how much of each: as of our own detectors. */
const LINES = 5;
const LONGEST = 400;

const REASON = 'Too many failed attempts from this address.';

/** Answers a line that bans or unbans; null when it is another one. */
export async function answerBanLine(desk: BanDesk, line: string): Promise<string | null> {
  const request = requestOf(line);
  if (request === null) return null;
  const diagnostics = request.do === 'ban' ? await ban(desk, request) : await unban(desk, request);
  return JSON.stringify({ decisions: [], diagnostics });
}

function requestOf(line: string): BanRequest | null {
  if (!/^\{"(do|by)": ?"/.test(line)) return null;
  try {
    const json = JSON.parse(line) as Record<string, unknown>;
    if (typeof json['by'] !== 'string') return null;
    if (json['do'] === 'ban' && Array.isArray(json['bans']) && json['bans'].every(isBan))
      return { do: 'ban', by: json['by'], bans: json['bans'] };
    const targets = json['do'] === 'unban' ? json['targets'] : null;
    return Array.isArray(targets) && targets.every((t) => typeof t === 'string')
      ? { do: 'unban', by: json['by'], targets }
      : null;
  } catch {
    return null;
  }
}

function isBan(json: unknown): json is Ban {
  if (typeof json !== 'object' || json === null) return false;
  const { target, seconds, evidence } = json as Record<string, unknown>;
  return (
    typeof target === 'string' &&
    (seconds === null || (typeof seconds === 'number' && seconds >= 0)) &&
    (evidence === undefined || (Array.isArray(evidence) && evidence.every((l) => typeof l === 'string')))
  );
}

/** An address or a prefix; an IPv4 address in its IPv6 form is the IPv4 address. */
function prefixOfTarget(text: string): Prefix | null {
  const address = parseAddress(text);
  if (address.ok) return hostPrefix(unmapped(address.value));
  const prefix = parsePrefix(text);
  return prefix.ok ? prefix.value : null;
}

async function ban(desk: BanDesk, { by, bans }: Extract<BanRequest, { do: 'ban' }>): Promise<readonly Diagnostic[]> {
  const diagnostics: Diagnostic[] = [];
  const wanted = new Map<string, Decision>();
  for (const one of bans) {
    const prefix = prefixOfTarget(one.target);
    if (prefix === null) diagnostics.push(left('address-invalid', `${JSON.stringify(one.target)} is no address`));
    else wanted.set(formatPrefix(prefix), decisionOf(desk, prefix, one, by));
  }
  for (const { prefix, why } of await desk.refused([...wanted.values()].map((d) => d.prefix))) {
    wanted.delete(formatPrefix(prefix));
    diagnostics.push(left('never-blocked', `${formatPrefix(prefix)} is not blocked: ${why}`));
  }
  const blocked = wanted.size === 0 ? null : await desk.guard.blockAll([...wanted.values()]);
  return [...diagnostics, ...(blocked?.diagnostics ?? [])];
}

const left = (code: Diagnostic['code'], message: string): Diagnostic => ({ code, severity: 'warning', message });

function decisionOf(desk: BanDesk, prefix: Prefix, { seconds, evidence = [] }: Ban, by: string): Decision {
  const since = desk.now();
  return {
    prefix,
    reason: REASON,
    reference: desk.reference(),
    since,
    until: seconds === null ? null : since + seconds * 1000,
    by,
    evidence: evidence.slice(-LINES).map((line) => line.slice(0, LONGEST)),
    rest: 'through',
  };
}

async function unban(
  desk: BanDesk,
  { by, targets }: Extract<BanRequest, { do: 'unban' }>,
): Promise<readonly Diagnostic[]> {
  const diagnostics: Diagnostic[] = [];
  for (const target of targets) {
    const prefix = prefixOfTarget(target);
    const mine =
      prefix &&
      desk.guard.at(prefix.address).find((d) => d.by === by && formatPrefix(d.prefix) === formatPrefix(prefix));
    if (mine) diagnostics.push(...(await desk.guard.lift(mine.prefix, by)).diagnostics);
  }
  return diagnostics;
}
