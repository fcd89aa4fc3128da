import type { Family, NumberRange } from '../../../ip/index.ts';
import type { NatTarget, Statement, Value } from '../../../model/index.ts';
import { perOption, type OptionReader, type RuleContext, type Spec } from '../context.ts';
import { addressValue, number, readAddress, readBlock, readPorts } from '../values.ts';
import { targetOption } from './unmodelled-target.ts';

type Ports = { readonly port?: Value; readonly portRange?: NumberRange };

const portsOf = (range: NumberRange): Ports =>
  range.from === range.to ? { port: number(range.from) } : { portRange: range };

/** `1.2.3.4-1.2.3.9:80-90`; IPv6 addresses before a port stand in brackets. */
function splitPort(text: string, family: Family): readonly [addresses: string, port: string | undefined] {
  const colon = text.lastIndexOf(':');
  if (family === 6 && !text.includes(']'))
    return text.startsWith(':') && !text.startsWith('::') ? ['', text.slice(1)] : [text, undefined];
  const bare = (part: string): string => (family === 6 ? part.replace(/[[\]]/g, '') : part);
  if (colon < 0 || colon < text.lastIndexOf(']')) return [bare(text), undefined];
  return [bare(text.slice(0, colon)), text.slice(colon + 1)];
}

/** What `--to-source` and `--to-destination` write; null when it is no such thing. */
export function readNatTarget(text: string, family: Family): NatTarget | 'invalid' | 'unmodelled' {
  const [addresses, port] = splitPort(text, family);
  if (port?.includes('/')) return 'unmodelled';
  const range = port === undefined ? undefined : readPorts(port, '-');
  if (range === null || (addresses === '' && !range)) return 'invalid';
  const ports = range ? portsOf(range) : {};
  if (addresses === '') return ports;
  const [first, last, more] = addresses.split('-');
  const from = readAddress(first, family);
  const to = readAddress(last ?? first, family);
  if (!from || !to || more !== undefined) return 'invalid';
  return last === undefined ? { address: addressValue(from), ...ports } : { addressRange: { from, to }, ...ports };
}

const translation =
  (kind: 'snat' | 'dnat'): OptionReader<Statement> =>
  ({ values, negated }, { family }, part) => {
    if (values.length !== 1 || negated) return 'invalid';
    if (part.options.filter((o) => o.name.startsWith('to')).length > 1) return 'unmodelled';
    const to = readNatTarget(values[0]!.text, family);
    return typeof to === 'string' ? to : [{ kind, to }];
  };

/** How a port is picked: any of them will do. */
const random: OptionReader<Statement> = ({ values }) => (values.length > 0 ? 'invalid' : []);
const PICK = { random, 'random-fully': random, persistent: random };

const ownAddress = (kind: 'masquerade' | 'redirect'): Spec<Statement> => {
  const readPort: OptionReader<Statement> = ({ values, negated }) => {
    const range = values.length === 1 && !negated ? readPorts(values[0]!.text, '-') : null;
    return range ? [{ kind, ...portsOf(range) }] : 'invalid';
  };
  const withPort = perOption({ 'to-ports': readPort, ...PICK }, targetOption);
  return {
    options: withPort.options,
    read: (part, context) => {
      const read = withPort.read(part, context);
      return read.length === 0 ? [{ kind }] : read;
    },
  };
};

const SIDE: ReadonlyMap<string, 'snat' | 'dnat'> = new Map([
  ['PREROUTING', 'dnat'], ['OUTPUT', 'dnat'], ['POSTROUTING', 'snat'], ['INPUT', 'snat'],
]); // prettier-ignore

/** NETMAP swaps source or destination as the hook says; in a chain of one's own that is not known. */
const netmap: OptionReader<Statement> = ({ values, negated }, { family, chain }: RuleContext) => {
  const block = values.length === 1 && !negated ? readBlock(values[0]!.text, family) : null;
  if (!block) return 'invalid';
  const kind = SIDE.get(chain);
  return kind && 'prefix' in block ? [{ kind, to: { netmap: block.prefix } }] : 'unmodelled';
};

/** Targets that translate addresses. */
export const NAT_TARGETS: Readonly<Record<string, Spec<Statement>>> = {
  SNAT: perOption({ 'to-source': translation('snat'), to: translation('snat'), ...PICK }, targetOption),
  DNAT: perOption({ 'to-destination': translation('dnat'), to: translation('dnat'), ...PICK }, targetOption),
  MASQUERADE: ownAddress('masquerade'),
  REDIRECT: ownAddress('redirect'),
  NETMAP: perOption({ to: netmap }, targetOption),
};
