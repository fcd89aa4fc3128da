import { formatAddress, isPrivate } from '../ip/index.ts';
import type { Expectation, Link, Network } from '../model/index.ts';
import { roundTrip, type Question, type RoundTrip } from '../trace/index.ts';
import { askFor } from './ask.ts';
import { findEndpoint } from './endpoint.ts';
import { withStranger } from './stranger.ts';

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
  /** The network that was asked: with a stranger on the internet link where the expectation starts there. */
  readonly network: Network;
}

/** Asks everything that an expectation stands for: host by host where it names whole links. */
export function checkExpectation(network: Network, expectation: Expectation): Checked {
  const from = network.links.get(expectation.from);
  const outside = from?.kind === 'internet' ? from : null;
  const world = outside ? withStranger(network, outside) : network;
  const named = namedBy(world, expectation.to);
  const asked = questionsOf(world, expectation, outside).map((question) => ask(world, question, named));
  const sorted = [...asked].sort(
    (a, b) => Number(a.reached === expectation.reaches) - Number(b.reached === expectation.reaches),
  );
  return { expectation, holds: judge(expectation, asked, outside !== null), asked: sorted, network: world };
}

function ask(network: Network, question: Question, named: ReadonlySet<string>): Asked {
  const trip = roundTrip(network, question);
  const answered = trip.verdict === 'answered' || trip.secondTry !== null;
  return { question, trip, reached: answered && (named.size === 0 || named.has(trip.to)) };
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

/** The hosts that an expectation's target names; none for an address that no host has. */
function namedBy(network: Network, to: string): ReadonlySet<string> {
  const link = network.links.get(to);
  if (link) return new Set(hostsOn(link));
  const found = findEndpoint(network, to);
  return new Set(found.ok && found.value.host !== null ? [found.value.host] : []);
}

function questionsOf(network: Network, expectation: Expectation, outside: Link | null): Question[] {
  const { protocol, port } = expectation;
  const link = network.links.get(expectation.from);
  const senders = outside ? [outside.name] : link ? hostsOn(link) : [expectation.from];
  const target = network.links.get(expectation.to);
  const targets = target ? hostsOn(target) : [expectation.to];
  const inside = outside ? publicAddresses(network, outside) : [];
  return senders.flatMap((from) =>
    [...targets, ...inside].flatMap((to) => {
      const question = from === to ? null : askFor(network, from, to, { protocol, port });
      return question?.ok ? [question.value] : [];
    }),
  );
}

const hostsOn = (link: Link): readonly string[] => [...new Set(link.attachments.map((a) => a.host))];

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
