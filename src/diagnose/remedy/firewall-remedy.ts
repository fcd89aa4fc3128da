import { bitsOf, formatPrefix, hostPrefix, isPrivate, type Address, type Prefix } from '../../ip/index.ts';
import { applyChanges, type Change, type Network, type Statement } from '../../model/index.ts';
import { isStranger } from '../../reach/index.ts';
import { roundTrip } from '../../trace/index.ts';
import { failureOf, type Failure } from '../failure.ts';
import { filteredBy, type Filtered } from '../filtered.ts';
import { isInvalid } from '../invalid.ts';
import { lastRoute } from '../last-route.ts';
import { prefixAround } from '../network-prefix.ts';
import { acceptRule, byInterface, inPrefix, ofKnownConnection, serviceMatch } from './accept-rule.ts';
import type { Remedy } from './remedy.ts';
import { rulePlaces } from './rule-places.ts';

/** A rule that lets the packet through the chain that dropped or rejected it. */
export function firewallRemedies(failure: Failure): Remedy[] {
  const { network, hop, step } = failure;
  const filtered = filteredBy(failure);
  if (!filtered || step?.action.kind !== 'filter') return [];
  const host = network.hosts.get(hop.host)!;
  const { statements, text } = wanted(failure, filtered);
  const rule = acceptRule(statements, text);
  const places = rulePlaces(host, { ...step.action, by: step.because[0] });
  const changes = places.map((place): Change => ({ kind: 'add-rule', host: host.name, place, rule }));
  const change = changes.find((c) => passes(failure, c));
  return change ? [{ kind: kindOf(failure, filtered), host: host.name, changes: [change] }] : [];
}

function kindOf(failure: Failure, { atEnd, goesOut }: Filtered): Remedy['kind'] {
  if (atEnd) return goesOut ? 'accept-output' : 'accept-input';
  return isInvalid(failure) && failure.hop.in === lastRoute(failure.hop)?.dev ? 'hairpin-accept' : 'accept-forward';
}

interface Wanted {
  readonly statements: readonly Statement[];
  readonly text: string;
}

/**
 * What to accept: between networks where the host passes on, only the service asked for where it is for the host itself
 * or comes from outside all networks; of answers only those to a question, unless connection tracking has not seen the
 * question.
 */
function wanted(failure: Failure, { atEnd }: Filtered): Wanted {
  const { network, packet, direction, step } = failure;
  const isAnswer = direction === 'back' && !isInvalid(failure);
  const interfaces = interfacesOf(failure);
  const source = prefixAround(network, packet.source);
  const destination = prefixAround(network, packet.destination);
  if (isAnswer) {
    return {
      statements: [...interfaces, ...fromTo(network, source, destination), ofKnownConnection],
      text: `accept answers ${betweenWords(network, source, destination)}`,
    };
  }
  const { statements, words } = serviceMatch(packet);
  if (atEnd) {
    const isOut = step?.stage === 'output';
    const block = isOut ? [inPrefix('daddr', destination)] : fromTo(network, source, null);
    const from = isOut ? `to ${nameOf(network, destination)}` : `from ${nameOf(network, source)}`;
    return { statements: [...interfaces, ...block, ...statements], text: `accept ${words} ${from}` };
  }
  if (!isOutside(network, packet.source)) {
    const blocks = fromTo(network, source, destination);
    return { statements: [...interfaces, ...blocks], text: `accept ${betweenWords(network, source, destination)}` };
  }
  const target = hostPrefix(packet.destination);
  return {
    statements: [...interfaces, ...fromTo(network, source, target), ...statements],
    text: `accept ${words} ${betweenWords(network, source, target)}`,
  };
}

function interfacesOf({ hop, step }: Failure): Statement[] {
  const out = step?.stage === 'forward' ? lastRoute(hop)?.dev : undefined;
  return [
    ...(hop.in !== null && step?.stage !== 'output' ? [byInterface('iifname', hop.in)] : []),
    ...(out !== undefined ? [byInterface('oifname', out)] : []),
  ];
}

/** The blocks of a packet's two addresses; none for an address that stands for anybody on the internet. */
const fromTo = (network: Network, source: Prefix, destination: Prefix | null): Statement[] => [
  ...(isStranger(network, source.address) ? [] : [inPrefix('saddr', source)]),
  ...(destination && !isStranger(network, destination.address) ? [inPrefix('daddr', destination)] : []),
];

const nameOf = (network: Network, block: Prefix): string =>
  isStranger(network, block.address) ? 'the internet' : formatPrefix(block);

const betweenWords = (network: Network, source: Prefix, destination: Prefix): string =>
  `from ${nameOf(network, source)} to ${nameOf(network, destination)}`;

/** A public address in none of the networks: letting it in everywhere because of one question would be too much. */
const isOutside = (network: Network, address: Address): boolean =>
  !isPrivate(address) && prefixAround(network, address).length === bitsOf(address.family);

/** Whether the packet gets past the chain that decided, with the rule there. */
function passes(failure: Failure, change: Change): boolean {
  const changed = applyChanges(failure.network, [change]);
  const again = failureOf(changed, failure.question, roundTrip(changed, failure.question));
  if (again?.hop.host !== failure.hop.host || again.packetNumber !== failure.packetNumber) return true;
  return again.step?.because[0] !== failure.step?.because[0];
}
