import type { Statement, Value } from '../../../model/index.ts';
import { perOption, type OptionReader, type Spec } from '../context.ts';
import { number, readMasked, readNumber } from '../values.ts';
import { targetOption } from './unmodelled-target.ts';

const ALL = 0xffffffff;
const META: Value = { kind: 'meta', key: 'mark' };
const CT: Value = { kind: 'ct', key: 'mark' };

const keep = (of: Value, mask: number): Value =>
  mask === ALL ? of : { kind: 'binary', op: '&', left: of, right: number(mask) };

/** `(of & ~mask) ^ change` (net/netfilter/xt_mark.c, xt_connmark.c). `change` null: nothing. */
export function changed(of: Value, mask: number, change: Value | null): Value {
  if (mask === ALL) return change ?? number(0);
  const kept = keep(of, ~mask >>> 0);
  return change ? { kind: 'binary', op: '^', left: kept, right: change } : kept;
}

const changedBy = (of: Value, mask: number, value: number): Value =>
  changed(of, mask >>> 0, value === 0 ? null : number(value));

type Target = 'meta' | 'ct';

/** What each option makes of value and mask: the bits cleared and the bits turned (extensions/libxt_MARK.c). */
const FORMS: Readonly<Record<string, (value: number, mask: number) => readonly [mask: number, value: number]>> = {
  'set-xmark': (value, mask) => [mask, value],
  'set-mark': (value, mask) => [mask | value, value],
  'and-mark': (value) => [~value, 0],
  'or-mark': (value) => [value, value],
  'xor-mark': (value) => [0, value],
};

const markReader =
  (target: Target, form: string): OptionReader<Statement> =>
  ({ values, negated }) => {
    const text = values.length === 1 && !negated ? values[0]!.text : undefined;
    const plain = form === 'set-mark' || form === 'set-xmark' ? readMasked(text) : maskless(text);
    if (!plain) return 'invalid';
    const [mask, value] = FORMS[form]!(plain.value, plain.mask);
    return [{ kind: 'set-mark', target, value: changedBy(target === 'meta' ? META : CT, mask, value) }];
  };

function maskless(text: string | undefined): { value: number; mask: number } | null {
  const value = readNumber(text);
  return value === null ? null : { value, mask: ALL };
}

const setters = (target: Target): Record<string, OptionReader<Statement>> =>
  Object.fromEntries(Object.keys(FORMS).map((form) => [form, markReader(target, form)]));

/** `--save-mark`, `--restore-mark`: the bits of one mark into the other. */
const copy =
  (target: Target): OptionReader<Statement> =>
  (_option, _context, part) => {
    const maskOf = (name: string): number | null => {
      const option = part.options.find((o) => o.name === name) ?? part.options.find((o) => o.name === 'mask');
      return option ? readNumber(option.values[0]?.text) : ALL;
    };
    const nfmask = maskOf('nfmask');
    const ctmask = maskOf('ctmask');
    if (nfmask === null || ctmask === null) return 'invalid';
    const value = target === 'ct' ? changed(CT, ctmask, keep(META, nfmask)) : changed(META, nfmask, keep(CT, ctmask));
    return [{ kind: 'set-mark', target, value }];
  };

/** Read with `--save-mark` and `--restore-mark`. */
const partOfCopy: OptionReader<Statement> = () => [];

/** `-j MARK`, `-j CONNMARK`. */
export const MARK_TARGETS: Readonly<Record<string, Spec<Statement>>> = {
  MARK: perOption(setters('meta'), targetOption),
  CONNMARK: perOption(
    {
      ...setters('ct'),
      'save-mark': copy('ct'),
      'restore-mark': copy('meta'),
      nfmask: partOfCopy,
      ctmask: partOfCopy,
      mask: partOfCopy,
      'left-shift-mark': () => 'unmodelled',
      'right-shift-mark': () => 'unmodelled',
    },
    targetOption,
  ),
};
