import { describe, expect, it } from 'vitest';
import { whyNoLab } from '../support/lab-available.ts';
import { faultRounds } from './faults/rounds.ts';

const reason = whyNoLab(['ip', 'mount']);

describe.skipIf(reason !== null)('a change of routes that is broken off', () => {
  it('leaves the new state, confirmed, or exactly the old one', { timeout: 120_000 }, async () => {
    const { injected, kept, faults } = await faultRounds(80, 4);
    const total = [...injected.values()].reduce((a, b) => a + b, 0);
    console.log(`route faults: ${total} injected, new state ${kept} times, ${faults.length} wrong`);
    expect(faults).toEqual([]);
    expect(total).toBeGreaterThan(15);
  });
});
