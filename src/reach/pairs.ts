import type { Network } from '../model/index.ts';
import { roundTrip } from '../trace/index.ts';
import { askFor, type Service } from './ask.ts';

/** Two hosts, and what one asks of the other. */
export interface Pair {
  readonly from: string;
  readonly to: string;
  readonly protocol: 'icmp' | 'tcp' | 'udp';
  /** 0 for ICMP. */
  readonly port: number;
}

const keyOf = (p: Pair): string => `${p.from} ${p.to} ${p.protocol} ${p.port}`;

/** Every ordered pair of hosts that get an answer from each other, for each of the services. */
export function answeredPairs(network: Network, services: readonly Service[]): readonly Pair[] {
  const names = [...network.hosts.keys()];
  return names.flatMap((from) =>
    names
      .filter((to) => to !== from)
      .flatMap((to) => services.filter((s) => isAnswered(network, from, to, s)).map((s) => pairOf(from, to, s))),
  );
}

const pairOf = (from: string, to: string, { protocol, port }: Service): Pair => ({ from, to, protocol, port });

function isAnswered(network: Network, from: string, to: string, service: Service): boolean {
  const question = askFor(network, from, to, service);
  if (!question.ok) return false;
  const trip = roundTrip(network, question.value);
  return trip.verdict === 'answered' || trip.secondTry !== null;
}

/** What a change makes newly answered, and what it takes away. */
export interface Difference {
  readonly opens: readonly Pair[];
  readonly closes: readonly Pair[];
}

/** The difference between two lists of pairs. */
export function difference(before: readonly Pair[], after: readonly Pair[]): Difference {
  const had = new Set(before.map(keyOf));
  const has = new Set(after.map(keyOf));
  return { opens: after.filter((p) => !had.has(keyOf(p))), closes: before.filter((p) => !has.has(keyOf(p))) };
}
