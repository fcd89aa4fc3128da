import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipv4, prefixOf } from '../../ip/index.ts';
import { REST, type Decision } from '../decide/decision.ts';
import { checkedLine } from './checked-line.ts';
import { formatJournalLine, parseJournalLine, type JournalEntry } from './journal-line.ts';

const decisions: fc.Arbitrary<Decision> = fc.record({
  prefix: fc.tuple(fc.nat(0xffffffff), fc.nat(32)).map(([word, length]) => prefixOf(ipv4(word), length)),
  reason: fc.oneof(
    fc.string(),
    fc.string({ unit: fc.constantFrom('\t', '\n', '\\', '"', 'n', 't', '\ud800', '\u2028', 'ü') }),
  ),
  reference: fc.string(),
  since: fc.nat(),
  until: fc.option(fc.nat()),
  by: fc.string(),
  evidence: fc.array(fc.string()),
  rest: fc.constantFrom(...REST),
});
const entries: fc.Arbitrary<JournalEntry> = fc.oneof(
  decisions.map((decision) => ({ kind: 'block', decision }) as const),
  decisions.map(({ prefix, by, since: at }) => ({ kind: 'lift', prefix, by, at }) as const),
);

describe('a line of the journal', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(entries, (entry) => {
        const line = formatJournalLine(entry);
        expect(line).not.toContain('\n');
        expect(parseJournalLine(line)).toEqual(entry);
      }),
    );
  });
  it('is not taken when a sign of it is another', () => {
    fc.assert(
      fc.property(entries, fc.nat(), fc.string({ minLength: 1, maxLength: 1 }), (entry, at, sign) => {
        const line = formatJournalLine(entry);
        const place = at % line.length;
        const changed = line.slice(0, place) + sign + line.slice(place + 1);
        expect(parseJournalLine(changed)).toEqual(changed === line ? entry : null);
      }),
    );
  });
  it('of anything else is none', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseJournalLine(text)).toBeNull();
      }),
    );
    const whole = '+\t1.2.3.4/32\t1\t\tdrop\tA\tme\twhy';
    expect(parseJournalLine(checkedLine(whole))).not.toBeNull();
    expect(parseJournalLine(checkedLine(`${whole}\\`))).toMatchObject({ decision: { reason: 'why\\' } });
    for (const part of ['+', '1.2.3.4/32', '1', 'drop', '\tA\tme\twhy'])
      expect(parseJournalLine(checkedLine(whole.replace(part, 'x')))).toBeNull();
  });
});
