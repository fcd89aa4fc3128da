import type { Statement } from '../../../model/index.ts';
import { partText, type Spec } from '../context.ts';
import type { Option } from '../options.ts';
import { never } from '../values.ts';

/** Limits as a single packet meets them: it is within every limit, and above none. */
function rate(above: string, options: readonly string[]): Spec<Statement> {
  return {
    options: new Set([above, ...options]),
    read: (part, context) => {
      const limited: Statement = { kind: 'limited', text: `-m ${partText(part, context)}` };
      const over = part.options.some((o) => isAbove(o, above));
      return over ? [limited, never()] : [limited];
    },
  };
}

/** Above 0 is everything. */
function isAbove({ name, negated, values }: Option, above: string): boolean {
  if (name === 'connlimit-upto') return negated;
  return name === above && !negated && values[0]?.text !== '0';
}

/** Matches of rates and counts. */
export const RATE_MATCHES: Readonly<Record<string, Spec<Statement>>> = {
  limit: rate('', ['limit', 'limit-burst']),
  connlimit: rate('connlimit-above', ['connlimit-upto', 'connlimit-mask', 'connlimit-saddr', 'connlimit-daddr']),
  hashlimit: rate(
    'hashlimit-above',
    ['', '-upto', '-burst', '-mode', '-srcmask', '-dstmask', '-name', '-htable-size', '-htable-max', '-htable-expire']
      .map((end) => `hashlimit${end}`)
      .concat('hashlimit-htable-gcinterval', 'hashlimit-rate-match', 'hashlimit-rate-interval'),
  ),
};

/** `-m comment`. */
export const COMMENT_MATCH: Spec<Statement> = {
  options: new Set(['comment']),
  read: (part) => [{ kind: 'ignored', text: part.options.map((o) => o.values[0]?.text ?? '').join(' ') }],
};
