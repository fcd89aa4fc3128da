import { formatAddress, formatPrefix } from '../ip/index.ts';
import type { Route, Rule } from '../model/index.ts';
import type { Action, Loser, Step } from '../trace/index.ts';
import { packetWords } from './packet-words.ts';
import {
  balancedSentence,
  BARRED,
  noVirtualServerSentence,
  realServerName,
  virtualServerName,
} from './virtual-server-words.ts';

type Of<K extends Action['kind']> = Extract<Action, { kind: K }>;

/** One sentence a kind of step. */
const SENTENCES: { readonly [K in Action['kind']]: (action: Of<K>) => string } = {
  start: (a) => `${a.answer ? 'the answer starts' : 'the packet starts'}: ${packetWords(a.packet)}`,
  'source-chosen': (a) => `source address ${formatAddress(a.address)}, ${SOURCE_WHY[a.why]}`,
  routed: (a) => routedSentence(a),
  'not-routed': (a) => notRoutedSentence(a),
  'routed-by-source': (a) =>
    `${formatAddress(a.destination)} is for all on ${a.dev}, which has the source address: no route is asked`,
  'source-checked': (a) => sourceCheckSentence(a),
  'forwarding-checked': (a) => `forwarding is ${a.on ? 'on' : 'off'} for packets that come in on ${a.dev}`,
  martian: (a) => `dropped as a martian: ${a.why}`,
  ttl: (a) => (a.expired ? 'the TTL ran out: the packet goes round in circles' : `TTL is now ${a.ttl}`),
  'redirect-sent': (a) =>
    `tells ${formatAddress(a.to)} by ICMP redirect to use ${formatAddress(a.gateway)} for ${formatAddress(a.destination)}`,
  'too-big': (a) => `the packet has ${a.length} bytes, ${a.mtu} go through, and it may not be cut`,
  filter: (a) => filterSentence(a),
  marked: (a) =>
    `${a.target === 'ct' ? 'connection mark' : 'mark'} set to ${hex(a.mark)}${decimal(a.mark)} (was ${hex(a.before)})`,
  tracked: (a) => `connection tracking calls it ${a.state}${a.why === '' ? '' : `: ${a.why}`}`,
  translated: (a) => translatedSentence(a),
  balanced: (a) => balancedSentence(a),
  'no-real-server': (a) => `${virtualServerName(a.service)} has no real server that takes it: refused`,
  'real-server-barred': (a) => BARRED[a.why](realServerName(a.server)),
  'no-virtual-server': (a) => noVirtualServerSentence(a),
  'passed-by': (a) =>
    `${virtualServerName(a.service)} never sees it: IPVS takes only what is for the machine itself, and this is sent on`,
  packed: (a) => `packed in a packet from ${formatAddress(a.from)} to ${formatAddress(a.to)}`,
  unpacked: (a) =>
    a.dev === null ? 'it carries another packet, and no tunnel interface here takes that out' : `unpacked by ${a.dev}`,
  rerouted: (a) => `routed again, because its ${a.why} changed`,
  uncertain: (a) => `not modelled: ${a.what}; taken as ${a.taken}`,
  tunnelled: (a) => tunnelSentence(a),
  carried: (a) => carriedSentence(a),
  'tunnel-refused': (a) => TUNNEL_REFUSED[a.why](a.tunnel, a.peer ?? 'the peer'),
  sent: (a) => `leaves by ${a.dev} on ${a.link} to ${formatAddress(a.to)}`,
  'no-neighbour': (a) => `nobody on ${a.link} (${a.dev}) has ${formatAddress(a.to)}`,
  'neighbour-filtered': (a) =>
    `${formatAddress(a.to)} is on ${a.link} (${a.dev}), but the firewall of ${a.host} stops the neighbour ${a.message}${a.chain === '' ? '' : ` in ${a.table} ${a.chain}`}`,
  left: (a) =>
    `leaves what was collected: ${formatAddress(a.to)} on ${a.link}${a.ask === '' ? '' : `; settle it with: ${a.ask}`}`,
  'internet-dropped': (a) => `${a.link} drops it: the ${a.which} ${formatAddress(a.address)} is a private address`,
  'fabric-dropped': (a) =>
    `${a.link} drops it: the ${a.which} ${formatAddress(a.address)} is not ${a.host}'s own, and its source/destination check is on`,
  'interface-down': (a) => `${a.dev} is down`,
  delivered: (a) =>
    `arrives: ${formatAddress(a.address)} is this host's own${a.onOtherInterface ? `, though on another interface than ${a.dev}` : ''}`,
};

const SOURCE_WHY: Readonly<Record<Of<'source-chosen'>['why'], string>> = {
  asked: 'as asked',
  route: 'named by the route',
  interface: 'from the interface it leaves by',
};

const TUNNEL_REFUSED: Readonly<Record<Of<'tunnel-refused'>['why'], (tunnel: string, peer: string) => string>> = {
  'no-client': (t) => `the tunnel ${t} drops it: no client owns the destination`,
  'bad-source': (t) => `the tunnel ${t} drops it: the source is not one that this client owns`,
  down: (t) => `the tunnel ${t} is down`,
  recursive: (t) => `the tunnel ${t} drops it: what carries the tunnel is led into it again`,
  'no-peer': (t) =>
    `the tunnel ${t} drops it: no peer has the destination in its allowed IPs (Required key not available)`,
  'no-endpoint': (t, peer) =>
    `the tunnel ${t} drops it: where ${peer} is, is not known: no endpoint (Destination address required)`,
  'no-session': (t, peer) => `the tunnel ${t} drops it: no handshake with ${peer}`,
  stranger: (t, peer) => `the tunnel ${t} drops it: ${peer} does not know this key, and answers no handshake`,
  'not-allowed': (t, peer) =>
    `the tunnel ${t} drops it without a word: its source is not among the allowed IPs of ${peer} here`,
};

const LOSER_WHY: Readonly<Record<Loser['why'], string>> = {
  shorter: 'is less specific',
  metric: 'has a higher metric',
  tos: 'is for another TOS',
  later: 'stands later in the table',
  throw: 'sends the search on to the next rule',
  suppressed: 'is suppressed by the rule',
  'other-interface': 'leads to another interface',
  dead: 'is dead',
  'gateway-failed': 'has a gateway that did not answer',
};

const hex = (n: number): string => `0x${(n >>> 0).toString(16)}`;
/** Virtual servers name marks so. */
const decimal = (n: number): string => (n > 9 ? ` = ${n}` : '');

/** What one step did, as a sentence without capital and full stop. */
export function stepSentence(step: Step): string {
  const sentence = SENTENCES[step.action.kind] as (action: Action) => string;
  return sentence(step.action);
}

/** A route's destination and type: `default`, `10.5.5.0/24`, `blackhole 10.0.0.0/8`. */
export function routeName(route: Route): string {
  const prefix = route.prefix.length === 0 ? 'default' : formatPrefix(route.prefix);
  return route.type === 'unicast' ? prefix : `${route.type} ${prefix}`;
}

/** Why a route that was looked at lost: `is less specific`. */
export const loserWhy = ({ why }: Loser): string => LOSER_WHY[why];

/** The same with the route: `default via 10.0.0.1 is less specific`. */
export function loserSentence(loser: Loser): string {
  const via = loser.route.nexthops[0]?.via;
  return `${routeName(loser.route)}${via ? ` via ${formatAddress(via)}` : ''} ${loserWhy(loser)}`;
}

function ruleWords(rule: Rule | undefined): string {
  // The rules everybody has need no words.
  if (!rule || [0, 32766, 32767].includes(rule.priority)) return '';
  return `, by policy rule ${rule.priority}`;
}

function routedSentence(a: Of<'routed'>): string {
  const via = a.via ? `via ${formatAddress(a.via)} dev ${a.dev}` : `on ${a.dev} itself`;
  const branch = a.branch ? `, branch ${a.branch.number} of ${a.branch.of}` : '';
  if (a.route.type === 'local') return `${formatAddress(a.destination)} is this host's own address`;
  return `${formatAddress(a.destination)} matches ${routeName(a.route)}: ${via}${ruleWords(a.rule)}${branch}`;
}

function notRoutedSentence(a: Of<'not-routed'>): string {
  if (a.route) return `${formatAddress(a.destination)} matches ${routeName(a.route)}: thrown away${ruleWords(a.rule)}`;
  return `no route to ${formatAddress(a.destination)}${ruleWords(a.rule)}`;
}

function sourceCheckSentence(a: Of<'source-checked'>): string {
  const back = a.back === null ? 'there is no way back' : `the way back leads out of ${a.back}`;
  return a.passed ? `source check (${a.mode}) passed` : `source check (${a.mode}) failed: ${back}`;
}

const FILTER_VERDICT = { accept: 'accepts', drop: 'drops', reject: 'rejects' } as const;

function filterSentence(a: Of<'filter'>): string {
  if (a.table === '') return 'no firewall rules are known here: let through';
  const by = a.byPolicy ? ' by its policy' : '';
  return `${a.table} ${a.chain} ${FILTER_VERDICT[a.verdict]} it${by}`;
}

function translatedSentence(a: Of<'translated'>): string {
  const port = (n: number): string => (a.fromPort === a.toPort ? '' : `:${n}`);
  const change = `${formatAddress(a.from)}${port(a.fromPort)} becomes ${formatAddress(a.to)}${port(a.toPort)}`;
  return `${a.what} ${change}${a.undone ? ' (translation undone)' : ''}`;
}

const TUNNEL_BY: Readonly<Record<Of<'tunnelled'>['by'], string>> = {
  server: 'the tunnel leads to the server',
  'client-address': 'the server knows the client by its address',
  iroute: 'the server knows the client by its iroute',
  'client-to-client': 'from client to client inside the server',
  'allowed-ip': 'the destination is among its allowed IPs',
};

const tunnelSentence = (a: Of<'tunnelled'>): string => `through the tunnel ${a.tunnel} to ${a.to}: ${TUNNEL_BY[a.by]}`;

/** The packet that carries another, and the hosts that it passes. */
function carriedSentence({ trace, arrives }: Of<'carried'>): string {
  const { protocol, source, destination, destinationPort } = trace.hops[0]!.after;
  const name = protocol === 6 ? 'tcp' : 'udp';
  const to = destination.family === 6 ? `[${formatAddress(destination)}]` : formatAddress(destination);
  const by = trace.hops.map((h) => h.host).join(', ');
  const packet = `carried by ${name} from ${formatAddress(source)} to ${to}:${destinationPort}, over ${by}`;
  if (arrives) return packet;
  if (trace.outcome === 'tunnel-down') return `${packet}: there it would enter a tunnel again`;
  const end =
    trace.outcome === 'delivered' ? `${trace.host} itself has that address` : `it would end there (${trace.outcome})`;
  return `${packet}: ${end}, so how it goes on is not in the facts`;
}
