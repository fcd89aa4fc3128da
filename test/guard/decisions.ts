import { parsePrefix, type Prefix } from '../../src/ip/index.ts';
import type { Decision, Delivery } from '../../src/guard/index.ts';

/** The prefix of that text. */
export const prefix = (text: string): Prefix => {
  const read = parsePrefix(text);
  if (!read.ok) throw new Error(text);
  return read.value;
};

/** A decision about it, for ever unless more is said. */
export const decision = (text: string, more: Partial<Decision> = {}): Decision => ({
  prefix: prefix(text),
  reason: 'test',
  reference: 'K7P-4QD',
  since: 0,
  until: null,
  by: 'test',
  evidence: [],
  rest: 'through',
  ...more,
});

/** The ports of `makeSite`, and two visitors whom nothing may happen to. */
export const delivery: Delivery = {
  ports: [
    { site: 80, page: 18080 },
    { site: 443, page: 18443 },
  ],
  allowed: [prefix('10.77.0.3'), prefix('fd77::3')],
  way: { kind: 'here' },
  gone: 'polite',
};
