import { describe, expect, it } from 'vitest';
import { hostPrefix, ipv4 } from '../../ip/index.ts';
import type { Decision } from '../decide/decision.ts';
import { blockText } from './ipset-text.ts';

const DAY = 86_400_000;
const decision: Decision = {
  prefix: hostPrefix(ipv4(0xc0000207)),
  reason: '',
  reference: '',
  since: 0,
  until: null,
  by: '',
  evidence: [],
  rest: 'through',
};

describe('the end of a decision in ipset', () => {
  it.each([
    [null, 0],
    [1, 1],
    [1001, 2],
    [24 * DAY, 2_073_600],
    // 2^31 - 1 milliseconds is the most that the kernel keeps; the guard renews it
    [60 * DAY, 2_147_483],
  ])('%s ms from now is %i', (until, seconds) => {
    expect(blockText({ ...decision, until }, 0)).toContain(`add waymark-page4 192.0.2.7 timeout ${seconds} -exist\n`);
  });
});
