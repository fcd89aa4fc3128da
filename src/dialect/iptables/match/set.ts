import type { NamedSet, Statement, Value } from '../../../model/index.ts';
import { dimensionsOf, type KeyPart } from '../../ipset/index.ts';
import { perOption, matchOption, type OptionReader, type RuleContext, type Spec } from '../context.ts';
import { never } from '../values.ts';

type Direction = 'src' | 'dst';

/** The kernel takes so many dimensions (IPSET_DIM_MAX). */
const MOST_DIRECTIONS = 6;

/**
 * `--match-set NAME src,dst`: the n-th direction goes with the n-th dimension of the set. Without the set, one
 * direction is taken as an address, two as address and port, three as address, port and address.
 */
const readMatchSet: OptionReader<Statement> = (option, context) => {
  const [name, flags, ...more] = option.values;
  const directions = flags?.text.split(',') ?? [];
  const good = directions.length > 0 && directions.length <= MOST_DIRECTIONS && directions.every(isDirection);
  if (!name || more.length > 0 || !good) return 'invalid';
  const set = context.ipsets?.get(name.text);
  if (context.ipsets && !set) {
    context.fault('set-missing', 'warning', name, `no ipset '${name.text}' is known`, 'add the output of `ipset save`');
  }
  const left = keyOf(directions, set, context);
  if (left === null) return [never(option.negated)];
  return [{ kind: 'member', left, negated: option.negated, of: { kind: 'ipset', name: name.text } }];
};

const isDirection = (text: string): text is Direction => text === 'src' || text === 'dst';

const GUESS: Readonly<Record<number, readonly KeyPart[]>> = {
  1: ['address'],
  2: ['address', 'protocol-and-port'],
  3: ['address', 'protocol-and-port', 'address'],
};

/** What is looked for in the set; null when the rule names fewer directions than it has dimensions: no member is found then. */
function keyOf(directions: readonly Direction[], set: NamedSet | undefined, context: RuleContext): Value | null {
  const dimensions = (set && dimensionsOf(set)) ?? GUESS[Math.min(directions.length, 3)]!;
  if (dimensions.length > directions.length) return null;
  const parts = dimensions.flatMap((part, i) => valuesOf(part, directions[i]!, context));
  return parts.length === 1 ? parts[0]! : { kind: 'concat', parts };
}

function valuesOf(part: KeyPart, direction: Direction, { family }: RuleContext): readonly Value[] {
  const source = direction === 'src';
  const port: Value = { kind: 'field', field: source ? 'th.sport' : 'th.dport' };
  switch (part) {
    case 'address':
      return [{ kind: 'field', field: `${family === 4 ? 'ip' : 'ip6'}.${source ? 'saddr' : 'daddr'}` }];
    case 'protocol-and-port':
      return [{ kind: 'meta', key: 'l4proto' }, port];
    case 'port':
      return [port];
    case 'interface':
      return [{ kind: 'meta', key: source ? 'iifname' : 'oifname' }];
    case 'mark':
      return [{ kind: 'meta', key: 'mark' }];
  }
}

/** Counters of a set's members. `! --update-counters` only says not to count. */
const counts: OptionReader<Statement> = () => [];

/** `-m set`. */
export const SET_MATCHES: Readonly<Record<string, Spec<Statement>>> = {
  set: perOption(
    {
      'match-set': readMatchSet,
      'update-counters': counts,
      'update-subcounters': counts,
      ...Object.fromEntries(
        ['return-nomatch', 'packets-eq', 'packets-lt', 'packets-gt', 'bytes-eq', 'bytes-lt', 'bytes-gt'].map(
          (name) => [name, (): 'unmodelled' => 'unmodelled'] as const,
        ),
      ),
    },
    matchOption,
  ),
};
