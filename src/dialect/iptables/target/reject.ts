import type { RejectKind, Statement } from '../../../model/index.ts';
import { perOption, type OptionReader, type Spec } from '../context.ts';
import { targetOption } from './unmodelled-target.ts';

const icmp = (type: number, code: number): RejectKind => ({ kind: 'icmp', type, code });
const reset: RejectKind = { kind: 'tcp-reset' };

/** extensions/libipt_REJECT.c: long and short names. */
const KINDS_4: ReadonlyMap<string, RejectKind> = new Map([
  ['icmp-net-unreachable', icmp(3, 0)],
  ['net-unreach', icmp(3, 0)],
  ['icmp-host-unreachable', icmp(3, 1)],
  ['host-unreach', icmp(3, 1)],
  ['icmp-proto-unreachable', icmp(3, 2)],
  ['proto-unreach', icmp(3, 2)],
  ['icmp-port-unreachable', icmp(3, 3)],
  ['port-unreach', icmp(3, 3)],
  ['icmp-net-prohibited', icmp(3, 9)],
  ['net-prohib', icmp(3, 9)],
  ['icmp-host-prohibited', icmp(3, 10)],
  ['host-prohib', icmp(3, 10)],
  ['icmp-admin-prohibited', icmp(3, 13)],
  ['admin-prohib', icmp(3, 13)],
  ['tcp-reset', reset],
  ['tcp-rst', reset],
]);

/** extensions/libip6t_REJECT.c. */
const KINDS_6: ReadonlyMap<string, RejectKind> = new Map([
  ['icmp6-no-route', icmp(1, 0)],
  ['no-route', icmp(1, 0)],
  ['icmp6-adm-prohibited', icmp(1, 1)],
  ['adm-prohibited', icmp(1, 1)],
  ['icmp6-addr-unreachable', icmp(1, 3)],
  ['addr-unreach', icmp(1, 3)],
  ['icmp6-port-unreachable', icmp(1, 4)],
  ['port-unreach', icmp(1, 4)],
  ['icmp6-policy-fail', icmp(1, 5)],
  ['policy-fail', icmp(1, 5)],
  ['icmp6-reject-route', icmp(1, 6)],
  ['reject-route', icmp(1, 6)],
  ['tcp-reset', reset],
]);

const readKind: OptionReader<Statement> = ({ values, negated }, { family }) => {
  const kind = (family === 4 ? KINDS_4 : KINDS_6).get(values[0]?.text.toLowerCase() ?? '');
  return kind && !negated && values.length === 1 ? [{ kind: 'reject', with: kind }] : 'invalid';
};

const explicit = perOption({ 'reject-with': readKind }, targetOption);

/** `-j REJECT`; without a kind port-unreachable. */
export const REJECT_TARGET: Spec<Statement> = {
  options: explicit.options,
  read: (part, context) => {
    const port = context.family === 4 ? icmp(3, 3) : icmp(1, 4);
    return part.options.length === 0 ? [{ kind: 'reject', with: port }] : explicit.read(part, context);
  },
};
