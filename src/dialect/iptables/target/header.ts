import type { Statement, Value } from '../../../model/index.ts';
import { perOption, type OptionReader, type Spec } from '../context.ts';
import { dscpNumber, TOS_NAMES } from '../names.ts';
import { number, readMasked, readNumber } from '../values.ts';
import { targetOption } from './unmodelled-target.ts';

const DSCP: Value = { kind: 'field', field: 'ip.dscp' };

/** `tos = (tos & ~mask) ^ value` (net/netfilter/xt_DSCP.c), in the six bits of the DSCP: ECN is not followed. */
function setTos(value: number, mask: number): readonly Statement[] {
  const kept = (~mask & 0xff) >>> 2;
  const turned = number(value >>> 2);
  if (kept === 0) return [{ kind: 'set-field', field: 'ip.dscp', value: turned }];
  const left: Value = { kind: 'binary', op: '&', left: DSCP, right: number(kept) };
  return [{ kind: 'set-field', field: 'ip.dscp', value: { kind: 'binary', op: '^', left, right: turned } }];
}

const readSetTos: OptionReader<Statement> = ({ values }) => {
  const text = values.length === 1 ? values[0]!.text : undefined;
  const named = TOS_NAMES.get(text?.toLowerCase() ?? '');
  if (named !== undefined) return setTos(named, 0x3f);
  const masked = readMasked(text, 255);
  return masked ? setTos(masked.value, masked.mask) : 'invalid';
};

const bits =
  (form: (value: number) => readonly [value: number, mask: number]): OptionReader<Statement> =>
  ({ values }) => {
    const value = values.length === 1 ? readNumber(values[0]!.text, 255) : null;
    return value === null ? 'invalid' : setTos(...form(value));
  };

const readSetDscp: OptionReader<Statement> = ({ name, values }) => {
  const text = values.length === 1 ? values[0]!.text : undefined;
  const dscp = name === 'set-dscp-class' ? dscpNumber(text ?? '') : readNumber(text, 63);
  return dscp === null ? 'invalid' : [{ kind: 'set-field', field: 'ip.dscp', value: number(dscp) }];
};

const readSetTtl: OptionReader<Statement> = ({ values }) => {
  const ttl = values.length === 1 ? readNumber(values[0]!.text, 255) : null;
  return ttl === null ? 'invalid' : [{ kind: 'set-field', field: 'ip.ttl', value: number(ttl) }];
};

const unmodelled: OptionReader<Statement> = () => 'unmodelled';

/** Targets that write header fields. Adding to a TTL is not modelled. */
export const HEADER_TARGETS: Readonly<Record<string, Spec<Statement>>> = {
  TOS: perOption(
    {
      'set-tos': readSetTos,
      'and-tos': bits((v) => [0, ~v & 0xff]),
      'or-tos': bits((v) => [v, v]),
      'xor-tos': bits((v) => [v, 0]),
    },
    targetOption,
  ),
  DSCP: perOption({ 'set-dscp': readSetDscp, 'set-dscp-class': readSetDscp }, targetOption),
  TTL: perOption({ 'ttl-set': readSetTtl, 'ttl-inc': unmodelled, 'ttl-dec': unmodelled }, targetOption),
  HL: perOption({ 'hl-set': readSetTtl, 'hl-inc': unmodelled, 'hl-dec': unmodelled }, targetOption),
};
