import type { Statement } from '../../../model/index.ts';
import { clip, complain, partText, unmodelledMatch, type Clause, type RuleContext, type Spec } from '../context.ts';
import type { Known, Part } from '../words.ts';
import { CONNTRACK_MATCHES } from './conntrack.ts';
import { FIB_MATCHES } from './fib.ts';
import { HEADER_MATCHES } from './header.ts';
import { ICMP_MATCHES } from './icmp.ts';
import { PORT_MATCHES } from './ports.ts';
import { COMMENT_MATCH, RATE_MATCHES } from './rate.ts';
import { SET_MATCHES } from './set.ts';

const MATCHES: ReadonlyMap<string, Spec<Clause>> = new Map<string, Spec<Clause>>(
  Object.entries({
    ...PORT_MATCHES,
    ...ICMP_MATCHES,
    ...CONNTRACK_MATCHES,
    ...HEADER_MATCHES,
    ...SET_MATCHES,
    ...FIB_MATCHES,
    ...RATE_MATCHES,
    comment: COMMENT_MATCH,
  }),
);

/** Matches of iptables-extensions(8), and well-known ones from elsewhere, that may be true or false here. */
const UNMODELLED: ReadonlySet<string> = new Set([
  'ah', 'esp', 'physdev', 'tcpmss', 'u32', 'string', 'recent', 'statistic', 'time', 'geoip', 'socket', 'policy', 'mac', 'helper',
  'bpf', 'cgroup', 'cluster', 'connbytes', 'connlabel', 'cpu', 'devgroup', 'dst', 'ecn', 'eui64', 'frag', 'hbh', 'ipcomp',
  'ipv6header', 'ipvs', 'mh', 'nfacct', 'osf', 'quota', 'rateest', 'realm', 'rt', 'srh', 'ndpi', 'layer7', 'account', 'condition',
]); // prettier-ignore

/** The options of a match; `any` where its options are not known here. */
export const matchOptions = (name: string): Known => MATCHES.get(name)?.options ?? 'any';

/** What a match says. One that is not known, or not modelled, is named and reported. */
export function readMatch(part: Part, context: RuleContext): readonly Clause[] {
  const spec = MATCHES.get(part.name);
  if (spec) return spec.read(part, context);
  const text = `-m ${partText(part, context)}`;
  const end = part.options.reduce((last, o) => Math.max(last, o.end), part.word.end);
  if (UNMODELLED.has(part.name)) {
    complain('unmodelled', { start: part.word.start, end }, context);
  } else {
    const hint = 'what this rule does is uncertain';
    context.fault('line-unknown', 'warning', part.word, `no match '${clip(part.name)}' is known`, hint);
  }
  const statement: Statement = unmodelledMatch(text);
  return [statement];
}
