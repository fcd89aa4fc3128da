import { describe, expect, it } from 'vitest';
import { formatPrefix } from '../../../ip/index.ts';
import { decisionsOfList, type ListTerms } from './decisions-of-list.ts';
import { parseList } from './parse-list.ts';

const terms: ListTerms = {
  by: 'anna',
  rest: 'reset',
  reason: 'your address is on a block list',
  source: 'bad.csv',
  now: Date.UTC(2026, 0, 1),
  untilOtherwise: null,
  newReference: () => 'K7P-4QD',
};

const list = parseList(
  'ip,until,reason,ref\n192.0.2.1,90s,spam,SBL1\n192.0.2.2,2026-01-02,,\n192.0.2.3,,,\n192.0.2.4,2026-01-01,,\n192.0.2.5,never,,\n',
).value;

describe('the decisions of a list', () => {
  it('end when the list says', () => {
    const decisions = [...decisionsOfList(list, terms)];
    expect(decisions[0]).toEqual({
      prefix: list.entries[0]!.prefix,
      reason: terms.reason,
      reference: 'SBL1',
      since: terms.now,
      until: terms.now + 90_000,
      by: 'anna',
      evidence: ['bad.csv: spam'],
      rest: 'reset',
    });
    expect(decisions.slice(1).map((d) => [formatPrefix(d.prefix), d.reference, d.until, d.evidence])).toEqual([
      ['192.0.2.2/32', 'K7P-4QD', Date.UTC(2026, 0, 2), ['bad.csv']],
      ['192.0.2.3/32', 'K7P-4QD', null, ['bad.csv']],
      ['192.0.2.5/32', 'K7P-4QD', null, ['bad.csv']],
    ]);
  });

  it('end when they are told to, whatever the list says', () => {
    const until = terms.now + 5;
    const ends = [...decisionsOfList(list, { ...terms, until })].map((d) => d.until);
    expect(ends).toEqual([until, until, until, until, until]);
    expect([...decisionsOfList(list, { ...terms, untilOtherwise: until })][2]!.until).toBe(until);
  });
});
