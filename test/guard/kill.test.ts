import { describe, expect, it } from 'vitest';
import { whyNoLab } from '../support/lab-available.ts';
import { killRounds } from './kill/rounds.ts';

const reason = whyNoLab(['ip', 'nft', 'setpriv', 'flock']);

describe.skipIf(reason !== null)('a guard that is killed while decisions change', () => {
  it('has all that was acknowledged when it is back, once, and so has the kernel', { timeout: 120_000 }, async () => {
    const { changes, faults } = await killRounds(1, 8);
    expect(faults).toEqual([]);
    expect(changes).toBeGreaterThan(20);
  });
});
