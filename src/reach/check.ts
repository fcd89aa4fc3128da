import { formatAddress, isPrivate, sameAddress } from '../ip/index.ts';
import type { Attachment, Expectation, Link, Network } from '../model/index.ts';
import { roundTrip, type Question, type RoundTrip } from '../trace/index.ts';
import { askFor } from './ask.ts';
import { addressFor, findEndpoint } from './endpoint.ts';
import { worldOf } from './stranger.ts';

/** One question that an expectation stands for, and its answer. */
export interface Asked {
  readonly question: Question;
  readonly trip: RoundTrip;
  /** The question was answered by whom the expectation names. */
  readonly reached: boolean;
}

/** What became of one expectation. */
export interface Checked {
  readonly expectation: Expectation;
  /** Null: it can't be said with what was collected. */
  readonly holds: boolean | null;
  /** Everything that was asked, what speaks against the expectation first. */
  readonly asked: readonly Asked[];
  /** The network that was asked: with a stranger on the internet link that the expectation names. */
  readonly network: Network;
}

/** Asks everything that an expectation stands for: host by host where it names whole networks. */
export function checkExpectation(network: Network, expectation: Expectation): Checked {
  const world = worldOf(network, expectation);
  const from = world.links.get(expectation.from);
  const outside = from?.kind === 'internet' ? from : null;
  const how = { reaches: expectation.reaches, isNamed: namedBy(world, expectation.to) };
  const asked = questionsOf(world, expectation, outside).map((question) => ask(world, question, how));
  const sorted = [...asked].sort(
    (a, b) => Number(a.reached === expectation.reaches) - Number(b.reached === expectation.reaches),
  );
  return { expectation, holds: judge(expectation, asked, outside !== null), asked: sorted, network: world };
}

/** Whoever should reach somebody must by all ways of a multipath route; who should not, by none. */
function ask(
  network: Network,
  question: Question,
  { reaches, isNamed }: { reaches: boolean; isNamed: (trip: RoundTrip) => boolean },
): Asked {
  const trip = roundTrip(network, question);
  const all = reaches || trip.verdict === 'unknown' ? [trip] : [trip, ...trip.otherwise];
  const reached = all.some((t) => {
    const answered = t.verdict === 'answered' ? t : t.secondTry;
    return answered !== null && isNamed(answered);
  });
  return { question, trip, reached };
}

/** From outside it is enough that one public address leads in; inside everybody named must get through. */
function judge({ reaches }: Expectation, asked: readonly Asked[], outside: boolean): boolean | null {
  const isUnknown = asked.length === 0 || asked.some((a) => a.trip.verdict === 'unknown');
  const any = asked.some((a) => a.reached);
  if (!reaches) return any ? false : isUnknown ? null : true;
  const enough = outside ? any : asked.every((a) => a.reached);
  if (enough && asked.length > 0) return true;
  return isUnknown ? null : false;
}

/**
 * Whether a question got to whom the target names: the host, whatever its address; a network's hosts at their addresses
 * there, for a router between two networks is not the other one; anybody for an address that no host has.
 */
function namedBy(network: Network, to: string): (trip: RoundTrip) => boolean {
  const ends = endsOf(network, to);
  if (ends) {
    return ({ forward }) => {
      const last = forward.hops.at(-1)!;
      const dev = network.hosts.get(last.host)?.interfaces.filter((i) => isEnd(ends, last.host, i.name)) ?? [];
      return dev.some((i) => i.addresses.some((a) => sameAddress(a.address, last.after.destination)));
    };
  }
  const found = findEndpoint(network, to);
  const host = found.ok ? found.value.host : null;
  return (trip) => host === null || trip.to === host;
}

function questionsOf(network: Network, expectation: Expectation, outside: Link | null): Question[] {
  const { protocol, port } = expectation;
  const ends = endsOf(network, expectation.to);
  const inside = outside ? publicAddresses(network, outside) : [];
  return sendersOf(network, expectation).flatMap((from) =>
    [...targetsOf(network, from, expectation.to, ends), ...inside].flatMap((to) => {
      const question = from === to ? null : askFor(network, from, to, { protocol, port });
      return question?.ok ? [question.value] : [];
    }),
  );
}

/** Who asks: of a network its hosts, but a router that is where the target is speaks for neither. */
function sendersOf(network: Network, { from, to }: Expectation): readonly string[] {
  const ends = endsOf(network, from);
  if (!ends) return [from];
  const found = findEndpoint(network, to);
  const at = endsOf(network, to)
    ? [to]
    : found.ok && found.value.host !== null
      ? placesOf(network, found.value.host)
      : [];
  const there = at.filter((name) => name !== from);
  return ofThemOr([...new Set(ends.map((end) => end.host))], (host) => !isAtAny(network, host, there));
}

/** What is asked for: a network's hosts by their addresses there, but no router that is where the sender is. */
function targetsOf(network: Network, from: string, to: string, ends: readonly Attachment[] | null): readonly string[] {
  if (!ends) return [to];
  const here = placesOf(network, from);
  const others = ends.filter((end) => end.host !== from);
  const inner = here.includes(to) ? others : ofThemOr(others, ({ host }) => !isAtAny(network, host, here));
  return inner.flatMap(({ host, interface: dev }) => {
    const address = addressFor(network, from, host, { dev });
    return address ? [formatAddress(address)] : [];
  });
}

/** Those that fit; all where none does. */
function ofThemOr<T>(all: readonly T[], fits: (one: T) => boolean): readonly T[] {
  const some = all.filter(fits);
  return some.length > 0 ? some : all;
}

/** The links and tunnels that the host is on. */
const placesOf = (network: Network, host: string): readonly string[] =>
  [...network.links.keys(), ...[...network.tunnels, ...(network.wireguard ?? [])].map((t) => t.name)].filter((name) =>
    isAtAny(network, host, [name]),
  );

const isAtAny = (network: Network, host: string, places: readonly string[]): boolean =>
  places.some((name) => endsOf(network, name)?.some((end) => end.host === host));

/**
 * The ends of the link or tunnel of that name; null when there is none. Of an internet link the one who has nothing to do
 * with the network: that the own router is reached by its public address says nothing of the internet.
 */
function endsOf(network: Network, name: string): readonly Attachment[] | null {
  const link = network.links.get(name);
  const tunnel = network.tunnels.find((t) => t.name === name);
  const wireguard = network.wireguard?.find((t) => t.name === name);
  if (!link && !tunnel && !wireguard) return null;
  const clients = (tunnel?.clients ?? []).flatMap((c) =>
    c.host !== undefined && c.interface !== undefined ? [{ host: c.host, interface: c.interface }] : [],
  );
  const all = [
    ...(link?.attachments ?? []),
    ...(tunnel ? [tunnel.server] : []),
    ...clients,
    ...(wireguard?.ends ?? []),
  ];
  return link?.kind === 'internet' ? all.filter((end) => end.host === name) : all;
}

const isEnd = (ends: readonly Attachment[], host: string, dev: string): boolean =>
  ends.some((end) => end.host === host && end.interface === dev);

/** From outside, every public address may lead in: a port may be forwarded. */
function publicAddresses(network: Network, link: Link): readonly string[] {
  return link.attachments.flatMap((end) => {
    const dev =
      end.host === link.name
        ? undefined
        : network.hosts.get(end.host)?.interfaces.find((i) => i.name === end.interface);
    const addresses = (dev?.addresses ?? []).map((a) => a.address);
    return addresses.filter((a) => a.family === 4 && !isPrivate(a)).map(formatAddress);
  });
}
