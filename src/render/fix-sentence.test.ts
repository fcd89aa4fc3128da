import { describe, expect, it } from 'vitest';
import { fixReach } from './fix-sentence.ts';
import { officeFindings } from './test-support/office.ts';
import { address } from './test-support/build.ts';

describe('what a fix connects and disconnects', () => {
  const fix = officeFindings[0]!.fixes[0]!;
  const pair = { from: 'user', to: 'server', protocol: 'icmp', port: 0 } as const;

  it('names the address where it is not the one that would be asked', () => {
    const closes = [{ ...pair, address: address('10.20.0.50') }];
    expect(fixReach({ ...fix, opens: [pair], closes }, 3)).toEqual([
      'connects user -> server ping',
      'disconnects user -> server (10.20.0.50) ping',
    ]);
  });

  it('counts what does not fit', () => {
    expect(fixReach({ ...fix, opens: [pair, pair, pair], closes: [] }, 2)).toEqual([
      'connects user -> server ping, user -> server ping and 1 more',
    ]);
  });
});
