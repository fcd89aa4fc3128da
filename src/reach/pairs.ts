import type { Address } from '../ip/index.ts';
import type { Network } from '../model/index.ts';
import { roundTrip, type Question, type RoundTrip } from '../trace/index.ts';
import { askFor, type Service } from './ask.ts';
import { otherAddresses } from './endpoint.ts';

/** Two hosts, and what one asks of the other. */
export interface Pair {
  readonly from: string;
  readonly to: string;
  readonly protocol: 'icmp' | 'tcp' | 'udp';
  /** 0 for ICMP. */
  readonly port: number;
  /** The address that is asked, where it is another than the one that `from` would speak to. */
  readonly address?: Address;
}

/** What became of every question between any two hosts of a network. */
export interface Survey {
  readonly asked: readonly AskedPair[];
}

interface AskedPair {
  readonly pair: Pair;
  readonly question: Question;
  readonly isAnswered: boolean;
  /** Every host that had one of the packets in hand: what others are told decides nothing here. */
  readonly hosts: ReadonlySet<string>;
}

/**
 * Asks for each of the services from every host to every address of every other; with `about` only pairs with one of
 * these hosts. Pairs without an address to ask for are left out.
 */
export function surveyPairs(
  network: Network,
  services: readonly Service[],
  about: ReadonlySet<string> | null = null,
): Survey {
  const names = [...network.hosts.keys()];
  const asked = names.flatMap((from) =>
    names
      .filter((to) => to !== from && (about === null || about.has(from) || about.has(to)))
      .flatMap((to) => services.flatMap((service) => askPair(network, from, to, service))),
  );
  return { asked };
}

function askPair(network: Network, from: string, to: string, service: Service): AskedPair[] {
  const first = askFor(network, from, to, service);
  if (!first.ok) return [];
  const { protocol, port } = service;
  const others = otherAddresses(network, to, first.value.destination).flatMap((address) => {
    const question = { ...first.value, destination: address };
    return { pair: { from, to, protocol, port, address }, question };
  });
  return [{ pair: { from, to, protocol, port }, question: first.value }, ...others].map(({ pair, question }) => {
    const trip = roundTrip(network, question);
    return { pair, question, isAnswered: isAnswered(trip, to), hosts: new Set([from, ...hostsOf(trip)]) };
  });
}

/** By the host that was meant, at the latest at the second try. */
const isAnswered = (trip: RoundTrip, to: string): boolean =>
  (trip.verdict === 'answered' || trip.secondTry !== null) && trip.to === to;

function hostsOf(trip: RoundTrip): string[] {
  const traces = [trip.forward, trip.return, trip.third, trip.fourth].flatMap((t) => t?.hops ?? []);
  const others = [...trip.otherwise, ...(trip.secondTry ? [trip.secondTry] : [])];
  return [...traces.map((h) => h.host), ...others.flatMap(hostsOf)];
}

/**
 * What a change makes newly answered, and what it takes away: each two hosts once, by the address that the one would
 * speak to, else by the first of the others.
 */
export interface Difference {
  readonly opens: readonly Pair[];
  readonly closes: readonly Pair[];
}

/**
 * What is answered otherwise in the changed network. `touched` are the hosts where it differs from the surveyed one:
 * only questions that one of them had in hand are asked again.
 */
export function whatDiffers(before: Survey, changed: Network, touched: ReadonlySet<string>): Difference {
  const moved = before.asked
    .filter((a) => [...touched].some((host) => a.hosts.has(host)))
    .filter((a) => isAnswered(roundTrip(changed, a.question), a.pair.to) !== a.isAnswered);
  const pairs = (was: boolean): Pair[] => onceEach(moved.filter((a) => a.isAnswered === was).map((a) => a.pair));
  return { opens: pairs(false), closes: pairs(true) };
}

/** The first of each two hosts and service; those that would be asked by another address come last. */
function onceEach(pairs: readonly Pair[]): Pair[] {
  const seen = new Set<string>();
  const first = pairs.filter((p) => {
    const key = JSON.stringify([p.from, p.to, p.protocol, p.port]);
    return !seen.has(key) && seen.add(key);
  });
  return [...first.filter((p) => !p.address), ...first.filter((p) => p.address)];
}
