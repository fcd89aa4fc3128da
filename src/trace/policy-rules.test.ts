import { expect, it } from 'vitest';
import { emptyRuleset, type Rule } from '../model/index.ts';
import { PROTOCOL } from './packet.ts';
import { transportSeen } from './policy-rules.ts';
import { packet, router } from './netfilter/testing/hook-world.ts';
import { fact } from './netfilter/testing/ruleset-builder.ts';

const SSH: Rule = {
  family: 4,
  priority: 100,
  not: false,
  protocol: PROTOCOL.tcp,
  dport: { from: 22, to: 22 },
  action: { kind: 'table', table: 100 },
  fact: fact('rule'),
};

const seen = (rules: readonly Rule[], p = packet()): unknown =>
  transportSeen({ ...router(emptyRuleset(true)), rules }, p);

it('reads the transport header only where a rule asks for it, other than for own packets', () => {
  const unread = { protocol: 0, sourcePort: 0, destinationPort: 0 };
  const read = { protocol: PROTOCOL.tcp, sourcePort: 1000, destinationPort: 80 };
  const plain: Rule = { family: 4, priority: 1, not: false, action: { kind: 'nop' }, fact: fact('plain') };
  expect(seen([plain])).toEqual(unread);
  expect(seen([{ ...SSH, iif: 'lo' }])).toEqual(unread);
  expect(seen([{ ...SSH, family: 6 }])).toEqual(unread);
  expect(seen([SSH])).toEqual(read);
  expect(seen([{ ...SSH, iif: 't0' }])).toEqual(read);
  expect(seen([SSH], packet({ protocol: PROTOCOL.icmp, icmpType: 8 }))).toEqual({ ...unread, protocol: PROTOCOL.icmp });
});
