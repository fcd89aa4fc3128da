import type { Statement, Verdict } from '../../../model/index.ts';
import { clip, complain, partText, type RuleContext, type Spec } from '../context.ts';
import type { Known, Part } from '../words.ts';
import { HEADER_TARGETS } from './header.ts';
import { MARK_TARGETS } from './mark.ts';
import { NAT_TARGETS } from './nat.ts';
import { REJECT_TARGET } from './reject.ts';
import { targetOption, unmodelledTarget } from './unmodelled-target.ts';

const verdict = (kind: Exclude<Verdict['kind'], 'jump' | 'goto'>): Spec<Statement> => ({
  options: new Set(),
  read: () => [{ kind: 'verdict', verdict: { kind } }],
});

/** A target whose words are kept as they are. */
const named = (kind: 'ignored' | 'limited'): Spec<Statement> => ({
  options: 'any',
  read: (part, context) => [{ kind, text: `-j ${partText(part, context)}` }],
});

const notrack: Spec<Statement> = { options: new Set(), read: () => [{ kind: 'notrack' }] };

/** `-j CT`: a helper only makes further connections known; zones keep connections apart, which is not modelled. */
const ct: Spec<Statement> = {
  options: 'any',
  read: (part, context) => {
    if (part.options.some((o) => o.name === 'notrack')) return [{ kind: 'notrack' }];
    const zone = part.options.find((o) => o.name.startsWith('zone'));
    return zone ? [targetOption(`CT ${complain('unmodelled', zone, context)}`)] : named('ignored').read(part, context);
  },
};

/** Targets after which the packet goes on as it was. */
const IGNORED = [
  'LOG', 'NFLOG', 'ULOG', 'AUDIT', 'TCPMSS', 'TCPOPTSTRIP', 'CHECKSUM', 'CLASSIFY', 'TRACE', 'SECMARK', 'CONNSECMARK', 'LED',
  'IDLETIMER', 'RATEEST', 'ECN', 'ACCOUNT', 'TEE',
]; // prettier-ignore

const TARGETS: ReadonlyMap<string, Spec<Statement>> = new Map<string, Spec<Statement>>([
  ['ACCEPT', verdict('accept')],
  ['DROP', verdict('drop')],
  ['RETURN', verdict('return')],
  ['REJECT', REJECT_TARGET],
  ...Object.entries({ ...MARK_TARGETS, ...NAT_TARGETS, ...HEADER_TARGETS }),
  ['NOTRACK', notrack],
  ['CT', ct],
  // The set then holds more than was collected; this packet goes on
  ['SET', named('limited')],
  ...IGNORED.map((name) => [name, named('ignored')] as const),
]);

/** Targets of iptables-extensions(8), and well-known ones from elsewhere, whose effect is not known here. */
const UNMODELLED: ReadonlySet<string> = new Set([
  'TPROXY', 'QUEUE', 'NFQUEUE', 'SYNPROXY', 'HMARK', 'CLUSTERIP', 'SNPT', 'DNPT', 'SAME', 'MIRROR', 'TARPIT', 'CHAOS', 'DELUDE',
  'RAWSNAT', 'RAWDNAT', 'FULLCONENAT', 'IMQ', 'STEAL', 'ROUTE',
]); // prettier-ignore

/** Whether iptables has a target of that name; no chain can then have it. */
export const isTarget = (name: string): boolean => TARGETS.has(name) || UNMODELLED.has(name);

/** The options of a target; `any` where its options are not known here. */
export const targetOptions = (name: string): Known => TARGETS.get(name)?.options ?? 'any';

/** What a target that is no chain does. One that is not known, or not modelled, is named and reported. */
export function readTarget(part: Part, context: RuleContext): readonly Statement[] {
  const spec = TARGETS.get(part.name);
  const text = `-j ${partText(part, context)}`;
  if (spec) {
    const read = spec.read(part, context);
    // A target such as MARK without its option: iptables would refuse it
    if (read.length > 0) return read;
    context.fault('value-invalid', 'error', part.word, `'${clip(text)}' lacks its option`);
  } else if (UNMODELLED.has(part.name)) {
    complain('unmodelled', part.word, context);
  } else {
    context.fault(
      'line-unknown',
      'warning',
      part.word,
      `no target '${clip(part.name)}' is known`,
      'what this rule does is uncertain',
    );
  }
  return [unmodelledTarget(text)];
}
