import type { NumberRange } from '../../../ip/index.ts';
import type { Element, Field, Statement, Value } from '../../../model/index.ts';
import { perOption, matchOption, type OptionReader, type Spec } from '../context.ts';
import { isInRange, isMasked, isOneOf, never, rangeElement, readPorts } from '../values.ts';

const field = (name: Field): Value => ({ kind: 'field', field: name });
const WHOLE: NumberRange = { from: 0, to: 65535 };

const portReader =
  (name: Field): OptionReader<Statement> =>
  ({ values, negated }) => {
    const range = values.length === 1 ? readPorts(values[0]!.text) : null;
    if (!range) return 'invalid';
    const whole = range.from === 0 && range.to === 65535;
    if (whole) return negated ? [never()] : [];
    return [isInRange(field(name), range, negated)];
  };

/** `-m udp`, and by its general fields any protocol with ports. */
const ports = (protocol: 'tcp' | 'udp' | 'th'): Record<string, OptionReader<Statement>> => ({
  sport: portReader(`${protocol}.sport`),
  dport: portReader(`${protocol}.dport`),
});

const FLAGS: ReadonlyMap<string, number> = new Map([
  ['FIN', 1],
  ['SYN', 2],
  ['RST', 4],
  ['PSH', 8],
  ['ACK', 16],
  ['URG', 32],
  ['ALL', 63],
  ['NONE', 0],
]);

function readFlags(text: string | undefined): number | null {
  let bits = 0;
  for (const name of text?.split(',') ?? ['']) {
    const bit = FLAGS.get(name.toUpperCase());
    if (bit === undefined) return null;
    bits |= bit;
  }
  return bits;
}

const hasFlags = (mask: number, value: number, negated: boolean): readonly Statement[] => [
  isMasked(field('tcp.flags'), { value, mask }, negated),
];

const tcp: Record<string, OptionReader<Statement>> = {
  ...ports('tcp'),
  'tcp-flags': ({ values, negated }) => {
    const mask = readFlags(values[0]?.text);
    const value = readFlags(values[1]?.text);
    return mask === null || value === null || values.length !== 2 ? 'invalid' : hasFlags(mask, value, negated);
  },
  syn: ({ values, negated }) => (values.length > 0 ? 'invalid' : hasFlags(23, 2, negated)),
  'tcp-option': () => 'unmodelled',
};

function readList(text: string | undefined): readonly NumberRange[] | null {
  const ranges = text?.split(',').map((item) => readPorts(item)) ?? [];
  const good = ranges.filter((r) => r !== null);
  return good.length === ranges.length && good.length > 0 && good.length <= MOST_PORTS ? good : null;
}

/** XT_MULTI_PORTS. */
const MOST_PORTS = 15;

const listReader =
  (name: Field): OptionReader<Statement> =>
  ({ values, negated }) => {
    const list = values.length === 1 ? readList(values[0]!.text) : null;
    return list ? [isOneOf(field(name), list.map(rangeElement), negated)] : 'invalid';
  };

/** `--ports`: one of the two is in the list, as a pair in which the other is anything. */
const eitherPort: OptionReader<Statement> = ({ values, negated }) => {
  const list = values.length === 1 ? readList(values[0]!.text) : null;
  if (!list) return 'invalid';
  const any = rangeElement(WHOLE);
  const pair = (...parts: Element[]): Element => ({ kind: 'concat', parts });
  const pairs = list.map(rangeElement).flatMap((port) => [pair(port, any), pair(any, port)]);
  return [isOneOf({ kind: 'concat', parts: [field('th.sport'), field('th.dport')] }, pairs, negated)];
};

/** Matches that read ports and TCP flags. */
export const PORT_MATCHES: Readonly<Record<string, Spec<Statement>>> = {
  tcp: perOption(tcp, matchOption),
  udp: perOption(ports('udp'), matchOption),
  udplite: perOption(ports('th'), matchOption),
  sctp: perOption({ ...ports('th'), 'chunk-types': () => 'unmodelled' }, matchOption),
  dccp: perOption({ ...ports('th'), 'dccp-types': () => 'unmodelled', 'dccp-option': () => 'unmodelled' }, matchOption),
  multiport: perOption(
    { sports: listReader('th.sport'), dports: listReader('th.dport'), ports: eitherPort },
    matchOption,
  ),
};
