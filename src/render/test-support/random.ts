import fc from 'fast-check';
import type { Finding } from '../../diagnose/index.ts';
import type { Network } from '../../model/index.ts';
import { OUTCOMES, type Hop, type Packet, type RoundTrip, type Step, type Trace } from '../../trace/index.ts';
import { address, delivered, hop, host, network, packetOf, ping, route, routed, trace } from './build.ts';
import type { Example } from './examples.ts';

const name = fc.oneof(
  fc.stringMatching(/^[a-z][a-z0-9-]{0,24}$/),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }),
  fc.constantFrom('<b>"&\'', 'Ünïcode-Größe', '数据中心', ']]>', 'x'.repeat(300), 'W'.repeat(40), '\u001b[31mred'),
);

const distinct = (count: fc.Arbitrary<number>): fc.Arbitrary<string[]> =>
  count.chain((n) => fc.uniqueArray(name, { minLength: n, maxLength: n }));

const anyAddress = fc.oneof(
  fc.tuple(fc.nat(255), fc.nat(255)).map(([a, b]) => `10.${a}.${b}.7/24`),
  fc.nat(0xffff).map((n) => `2001:db8:aaaa:bbbb:cccc:dddd:eeee:${n.toString(16)}/64`),
);

type On = readonly { readonly net: number; readonly addresses: readonly string[] }[];

const onNets = (nets: number): fc.Arbitrary<On> =>
  nets === 0
    ? fc.constant([])
    : fc.array(fc.record({ net: fc.nat(nets - 1), addresses: fc.array(anyAddress, { maxLength: 3 }) }), {
        maxLength: 4,
      });

interface Shape {
  readonly nets: readonly string[];
  readonly kinds: readonly ('lan' | 'internet' | 'tunnel')[];
  readonly hosts: readonly string[];
  /** By host: the nets it is on, with its addresses there. */
  readonly on: readonly On[];
}

const shape: fc.Arbitrary<Shape> = fc.record({ nets: fc.nat(6), hosts: fc.nat(9) }).chain(({ nets, hosts }) =>
  fc.record({
    nets: distinct(fc.constant(nets)),
    kinds: fc.array(fc.constantFrom('lan' as const, 'internet' as const, 'tunnel' as const), {
      minLength: nets,
      maxLength: nets,
    }),
    hosts: distinct(fc.constant(hosts)),
    on: fc.array(onNets(nets), { minLength: hosts, maxLength: hosts }),
  }),
);

function built(s: Shape): Network {
  const hosts = s.hosts.map((h, i) =>
    host(h, Object.fromEntries(s.on[i]!.map((o, k) => [`eth${k}`, [s.nets[o.net]!, ...o.addresses] as const]))),
  );
  const used = s.nets.flatMap((n, i) =>
    s.on.some((on) => on.some((o) => o.net === i))
      ? [[n, [s.kinds[i]!, '10.0.0.0/8 2001:db8::/32 10.1.0.0/16']] as const]
      : [],
  );
  return network(Object.fromEntries(used), hosts);
}

/** A way from host to host over nets they share, as long as the numbers last. */
function walk(s: Shape, start: number, numbers: readonly number[], packet: Packet): Hop[] {
  const hops: Hop[] = [];
  let at = start;
  let into: string | null = null;
  for (const [i, n] of numbers.entries()) {
    const ways = s.on[at]!.flatMap((o, k) =>
      s.on.flatMap((other, h) =>
        other.flatMap((p, j) =>
          p.net === o.net && (h !== at || j !== k) ? [{ net: o.net, out: `eth${k}`, to: h, in: `eth${j}` }] : [],
        ),
      ),
    );
    const way = i === numbers.length - 1 ? undefined : ways[n % Math.max(1, ways.length)];
    const dev = way?.out ?? 'eth0';
    const steps: Step[] = [routed('10.5.5.20', route('10.5.5.0/24', '10.8.0.1', dev))];
    hops.push(hop(s.hosts[at]!, into, way?.out ?? null, way ? s.nets[way.net]! : null, packet, ...steps));
    if (!way) break;
    [at, into] = [way.to, way.in];
  }
  return hops;
}

const flow = ping('10.8.0.6', '10.5.5.20');

interface Dice {
  readonly from: number;
  readonly there: readonly number[];
  readonly back: readonly number[];
  readonly outcomes: readonly [number, number];
  readonly outside: boolean;
}

function tripOf(s: Shape, dice: Dice): RoundTrip | null {
  if (s.hosts.length === 0) return null;
  const one = (start: number, numbers: readonly number[], answer: boolean, outcome: number): Trace => {
    const hops = walk(s, start, numbers, packetOf(flow, answer));
    const last = hops.at(-1)!;
    const ended = OUTCOMES[outcome]!;
    const own = s.on[s.hosts.indexOf(last.host)]![0];
    // Half of the dead die on the link behind the last host.
    const end: Hop =
      ended !== 'delivered' && dice.outside && own
        ? { ...last, out: 'eth0', link: s.nets[own.net]!, via: address('10.0.0.1') }
        : { ...last, steps: [...last.steps, delivered('10.5.5.20', 'eth0')] };
    return trace([...hops.slice(0, -1), end], ended);
  };
  const forward = one(dice.from % s.hosts.length, dice.there, false, dice.outcomes[0]);
  const back =
    forward.outcome === 'delivered' ? one(s.hosts.indexOf(forward.host), dice.back, true, dice.outcomes[1]) : null;
  const whole = back?.outcome === 'delivered';
  return {
    flow, from: forward.hops[0]!.host, to: s.hosts.at(-1)!, forward, return: back,
    verdict: whole ? 'answered' : 'no-answer', sees: whole ? { kind: 'reply', from: flow.destination } : { kind: 'timeout' },
    third: null, fourth: null, learnt: [], secondTry: null, otherwise: [], unwalked: false, uncertain: [],
  }; // prettier-ignore
}

const findingAt = (host: string, count: number): Finding => ({
  cause: 'no-return-route', host, evidence: [], params: { network: '10.8.0.0/24' },
  fixes: [{
    kind: 'route-on-router', host, parts: [{ kind: 'route-on-router', host }], proved: true, opens: [], closes: [],
    changes: Array.from({ length: count }, (_, i) => ({ kind: 'add-route', host, by: 'hand', route: route(`10.${i}.0.0/16`, '10.5.5.5', 'eth0') })),
    details: { keepsClientAddress: true, lanReachesClient: true, hairpin: false, statefulRouter: false },
  }],
}); // prettier-ignore

/** Networks with ways and findings that no person would think of. Outcomes lean towards `delivered`, so that there are ways back. */
export const anyExample: fc.Arbitrary<Example> = fc
  .record({
    shape,
    dice: fc.record({
      from: fc.nat(20),
      there: fc.array(fc.nat(50), { minLength: 1, maxLength: 5 }),
      back: fc.array(fc.nat(50), { minLength: 1, maxLength: 5 }),
      outcomes: fc.tuple(fc.oneof(fc.constant(0), fc.nat(OUTCOMES.length - 1)), fc.nat(OUTCOMES.length - 1)),
      outside: fc.boolean(),
    }),
    withTrip: fc.boolean(),
    fixes: fc.array(fc.record({ at: fc.nat(20), count: fc.integer({ min: 1, max: 3 }) }), { maxLength: 2 }),
  })
  .map(({ shape: s, dice, withTrip, fixes }) => ({
    name: 'random',
    network: built(s),
    trip: withTrip ? tripOf(s, dice) : null,
    findings: s.hosts.length === 0 ? [] : fixes.map((f) => findingAt(s.hosts[f.at % s.hosts.length]!, f.count)),
  }));
