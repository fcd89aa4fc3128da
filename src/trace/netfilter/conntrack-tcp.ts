import { settingNumber, type Host } from '../../model/index.ts';
import type { Connection, TcpKind, TcpState } from '../connection.ts';
import { TCP, type Packet } from '../packet.ts';

/** What a packet does to a TCP connection: `invalid` is not part of it, `again` starts a new one. */
export type TcpEffect = 'accept' | 'invalid' | 'again' | 'forget';

type Next = TcpState | 'invalid' | 'ignore';

const STATES: readonly TcpState[] = [
  'none',
  'syn-sent',
  'syn-recv',
  'established',
  'fin-wait',
  'close-wait',
  'last-ack',
  'time-wait',
  'close',
  'syn-sent2',
];

const SHORT: Readonly<Record<string, Next>> = {
  SS: 'syn-sent',
  SR: 'syn-recv',
  ES: 'established',
  FW: 'fin-wait',
  CW: 'close-wait',
  LA: 'last-ack',
  TW: 'time-wait',
  CL: 'close',
  S2: 'syn-sent2',
  IV: 'invalid',
  IG: 'ignore',
};

// tcp_conntracks of nf_conntrack_proto_tcp.c; columns as in STATES
const ORIGINAL: Readonly<Record<TcpKind, string>> = {
  syn: 'SS SS IG IG IG IG IG SS SS S2',
  'syn-ack': 'IV IV SR IV IV IV IV IV IV SR',
  fin: 'IV IV FW FW LA LA LA TW CL IV',
  ack: 'ES IV ES ES CW CW TW TW CL IV',
  rst: 'IV CL CL CL CL CL CL CL CL CL',
  none: 'IV IV IV IV IV IV IV IV IV IV',
};
const REPLY: Readonly<Record<TcpKind, string>> = {
  syn: 'IV S2 IV IV IV IV IV SS IV S2',
  'syn-ack': 'IV SR IG IG IG IG IG IG IG SR',
  fin: 'IV IV FW FW LA LA LA TW CL IV',
  ack: 'IV IG SR ES CW CW TW TW CL IG',
  rst: 'IV CL CL CL CL CL CL CL CL CL',
  none: 'IV IV IV IV IV IV IV IV IV IV',
};

const rows = (table: Readonly<Record<TcpKind, string>>): ReadonlyMap<string, readonly Next[]> =>
  new Map(Object.entries(table).map(([kind, row]) => [kind, row.split(' ').map((s) => SHORT[s]!)]));
const NEXT = { original: rows(ORIGINAL), reply: rows(REPLY) };

const next = (kind: TcpKind, reply: boolean, state: TcpState): Next =>
  NEXT[reply ? 'reply' : 'original'].get(kind)![STATES.indexOf(state)]!;

/** get_conntrack_index. */
function kindOf(flags: number): TcpKind {
  if (flags & TCP.rst) return 'rst';
  if (flags & TCP.syn) return flags & TCP.ack ? 'syn-ack' : 'syn';
  if (flags & TCP.fin) return 'fin';
  return flags & TCP.ack ? 'ack' : 'none';
}

const URG = 32;
// tcp_valid_flags; PSH, ECE and CWR do not count
const VALID: ReadonlySet<number> = new Set([
  TCP.syn,
  TCP.syn | URG,
  TCP.syn | TCP.ack,
  TCP.rst,
  TCP.rst | TCP.ack,
  TCP.fin | TCP.ack,
  TCP.fin | TCP.ack | URG,
  TCP.ack,
  TCP.ack | URG,
]);
const COUNTED = TCP.fin | TCP.syn | TCP.rst | TCP.ack | URG;

/** Moves the connection on by one packet. Sequence numbers are taken to be right (nf_conntrack_tcp_packet). */
export function trackTcp(host: Host, connection: Connection, packet: Packet, reply: boolean): TcpEffect {
  if (!VALID.has(packet.tcpFlags & COUNTED)) return 'invalid';
  const kind = kindOf(packet.tcpFlags);
  if (!connection.confirmed && !mayStart(host, kind)) return 'invalid';
  const before = connection.tcp;
  const after = next(kind, reply, before);
  if (after === 'invalid') return 'invalid';
  if (after === 'syn-sent' && (before === 'time-wait' || before === 'close')) {
    if (before === 'time-wait' || (connection.lastReply === reply && connection.lastKind === 'rst')) return 'again';
    return ignore(connection, kind, reply);
  }
  if (after === 'ignore') return answersIgnored(connection, kind, reply) ?? ignore(connection, kind, reply);
  connection.lastKind = kind;
  connection.lastReply = reply;
  connection.tcp = after;
  if (!connection.seenReply) return kind === 'rst' ? 'forget' : 'accept';
  const open = before === 'syn-recv' || before === 'established';
  if (open && after === 'established') connection.assured = true;
  return 'accept';
}

/** tcp_new: a connection begins with a SYN, or in the middle with an ACK when the kernel is set to pick those up. */
function mayStart(host: Host, kind: TcpKind): boolean {
  if (kind === 'syn') return true;
  return kind === 'ack' && settingNumber(host, 'netfilter/nf_conntrack_tcp_loose') !== 0;
}

/** A SYN-ACK that answers a SYN which was let through without being believed. */
function answersIgnored(connection: Connection, kind: TcpKind, reply: boolean): TcpEffect | null {
  if (kind !== 'syn-ack' || connection.lastKind !== 'syn' || connection.lastReply === reply) return null;
  connection.lastKind = kind;
  connection.lastReply = reply;
  connection.tcp = 'syn-recv';
  return 'accept';
}

function ignore(connection: Connection, kind: TcpKind, reply: boolean): TcpEffect {
  connection.lastKind = kind;
  connection.lastReply = reply;
  return 'accept';
}
