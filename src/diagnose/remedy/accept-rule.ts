import type { Prefix } from '../../ip/index.ts';
import { proposed, type Field, type FilterRule, type Statement } from '../../model/index.ts';
import { PROTOCOL, type Packet } from '../../trace/index.ts';

/** The statement that a header field lies in a block. */
export function inPrefix(which: 'saddr' | 'daddr', prefix: Prefix): Statement {
  const field: Field = prefix.address.family === 4 ? `ip.${which}` : `ip6.${which}`;
  const entries = [{ key: { kind: 'prefix', prefix } as const }];
  return { kind: 'member', left: { kind: 'field', field }, negated: false, of: { kind: 'inline', entries } };
}

/** The statement that a packet comes in or goes out by an interface. */
export const byInterface = (key: 'iifname' | 'oifname', name: string): Statement => ({
  kind: 'match',
  left: { kind: 'meta', key },
  op: '==',
  right: { kind: 'text', text: name },
});

/** The statement that a packet belongs to a conversation that the other side opened. */
export const ofKnownConnection: Statement = {
  kind: 'member',
  left: { kind: 'ct', key: 'state' },
  negated: false,
  of: {
    kind: 'inline',
    entries: [{ key: { kind: 'text', text: 'established' } }, { key: { kind: 'text', text: 'related' } }],
  },
};

/** What is asked, as far as a firewall tells it apart: the statements and the words for it. */
export interface ServiceMatch {
  readonly statements: readonly Statement[];
  readonly words: string;
}

/** The service that the packet asks for: `tcp port 22`, `icmp echo-request`. */
export function serviceMatch(packet: Packet): ServiceMatch {
  const isTcp = packet.protocol === PROTOCOL.tcp;
  if (isTcp || packet.protocol === PROTOCOL.udp) {
    const name = isTcp ? 'tcp' : 'udp';
    const port = packet.destinationPort;
    return {
      statements: [protocolIs(packet.protocol), numberIs(`${name}.dport`, port)],
      words: `${name} port ${port}`,
    };
  }
  const { icmpType: type } = packet;
  return { statements: messageMatch(packet.protocol, type), words: `${nameOf(packet.protocol)} type ${type}` };
}

/** The statements that a packet is an ICMP message of that type; `protocol` is 1 or 58. */
export const messageMatch = (protocol: number, type: number): readonly Statement[] => [
  protocolIs(protocol),
  numberIs(`${nameOf(protocol)}.type`, type),
];

const nameOf = (protocol: number): 'icmp' | 'icmpv6' => (protocol === PROTOCOL.icmp ? 'icmp' : 'icmpv6');

const protocolIs = (number: number): Statement => ({
  kind: 'match',
  left: { kind: 'meta', key: 'l4proto' },
  op: '==',
  right: { kind: 'number', number },
});

const numberIs = (field: Field, number: number): Statement => ({
  kind: 'match',
  left: { kind: 'field', field },
  op: '==',
  right: { kind: 'number', number },
});

/** A rule that lets through what the statements match. */
export const acceptRule = (statements: readonly Statement[], text: string): FilterRule => ({
  statements: [...statements, { kind: 'verdict', verdict: { kind: 'accept' } }],
  fact: proposed(text),
});
