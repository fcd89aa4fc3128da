import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import type { Decision } from '../../src/guard/index.ts';
import { formatJournalLine } from '../../src/guard/store/journal-line.ts';
import { ipv4, ipv6, prefixOf, type Prefix } from '../../src/ip/index.ts';

const LENGTHS = [16, 20, 22, 23, 24, 24, 24, 24, 25, 26, 27, 28];
const DAY_MS = 86_400_000;

/**
 * So many addresses, a tenth of them IPv6, and so many IPv4 prefixes, the same at each run; none in 10.0.0.0/8, where the
 * visitors are. They end within a week.
 */
export function* decisionsFor(addresses: number, prefixes: number): Generator<Decision> {
  const random = generator();
  const word = (): number => {
    for (;;) {
      const w = random();
      if (w >>> 24 !== 10) return w;
    }
  };
  const now = Date.now();
  const about = (prefix: Prefix): Decision => ({
    prefix,
    reason: 'Too many failed logins',
    reference: `${random().toString(36).slice(0, 3)}-${random().toString(36).slice(0, 3)}`,
    since: now,
    until: now + DAY_MS + (random() % (6 * DAY_MS)),
    by: 'drop.txt',
    evidence: [],
    rest: 'through',
  });
  for (let i = 0; i < addresses; i++)
    yield about(i % 10 === 0 ? prefixOf(ipv6(0x20010db8, random(), 0, random()), 128) : prefixOf(ipv4(word()), 32));
  for (let i = 0; i < prefixes; i++) yield about(prefixOf(ipv4(word()), LENGTHS[i % LENGTHS.length]!));
}

/** A journal of decisions in a folder, as a guard that was stopped leaves it. */
export function writeJournal(folder: string, decisions: Iterable<Decision>): void {
  mkdirSync(folder);
  const file = openSync(`${folder}/decisions.journal`, 'w', 0o600);
  let lines: string[] = [];
  const flush = (): void => void writeSync(file, lines.join(''));
  for (const decision of decisions) {
    if (lines.push(`${formatJournalLine({ kind: 'block', decision })}\n`) < 10_000) continue;
    flush();
    lines = [];
  }
  flush();
  closeSync(file);
}

/** SplitMix32: numbers of 32 bits, well mixed. */
function generator(): () => number {
  let state = 20261122;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let t = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    t = Math.imul(t ^ (t >>> 15), 0x735a2d97);
    return (t ^ (t >>> 15)) >>> 0;
  };
}
