import { ipv6, isLinkLocal, sameAddress, type Address } from '../ip/index.ts';
import { interfaceNamed, settingNumber, interfaceKey, type Host, type HookName } from '../model/index.ts';
import { HopBuilder } from './hop-builder.ts';
import type { Tracked } from './hook-context.ts';
import { hasFilters } from './netfilter/has-filters.ts';
import { PROTOCOL, type Packet } from './packet.ts';
import { passHook } from './pass-hook.ts';
import type { Step } from './step.ts';
import { neighbourKey, type DiscoveryFailure, type World } from './world.ts';

/** One end of the link: a host with its interface there. */
export interface LinkEnd {
  readonly host: Host;
  readonly dev: string;
}

const SOLICITATION = 135;
const ADVERTISEMENT = 136;
/** RFC 4861 7.1.1, 7.1.2: any other value has come through a router, and the message is ignored. */
const HOP_LIMIT = 255;
const HOOKS: readonly HookName[] = ['prerouting', 'input', 'output', 'postrouting'];

/**
 * IPv6 neighbour discovery: the solicitation and the advertisement that `asker` needs before it can hand `packet` to
 * `target`, an address of `owner`, through the firewalls of both (net/ipv6/ndisc.c). Null when it knows the answer in
 * the end. Hosts remember, and learn from being asked too. Where neither end filters IPv6 nothing is sent.
 */
export function discover(
  world: World,
  asker: LinkEnd,
  owner: LinkEnd,
  { target, packet }: { readonly target: Address; readonly packet: Packet },
): DiscoveryFailure | null {
  if (![asker, owner].some(({ host }) => hasFilters(host.ruleset, 6, HOOKS))) return null;
  const { neighbours } = world;
  const key = keyOf(asker, target);
  const known = neighbours.get(key);
  if (known !== undefined) return known;
  // a question that comes to need its own answer gets none
  neighbours.set(key, { ...stopped({ icmpType: SOLICITATION }, asker, 'output'), because: [asker.host.fact] });
  const failure = ask(world, asker, owner, { target, packet });
  neighbours.set(key, failure);
  return failure;
}

const keyOf = ({ host, dev }: LinkEnd, address: Address): string => neighbourKey(host.name, dev, address);

function ask(
  world: World,
  asker: LinkEnd,
  owner: LinkEnd,
  { target, packet }: { readonly target: Address; readonly packet: Packet },
): DiscoveryFailure | null {
  const question = messageOf(SOLICITATION, sourceOf(asker, packet), solicitedNode(target));
  const asked = deliver(world, question, asker, owner);
  if ('hook' in asked) return asked;
  // ndisc_recv_ns: who asks is known from now on
  world.neighbours.set(keyOf(owner, asked.source), null);
  const answer = messageOf(ADVERTISEMENT, target, asked.source);
  const flags = settingNumber(owner.host, interfaceKey(6, owner.dev, 'forwarding')) > 0 ? 0xe000 : 0x6000;
  const told = deliver(world, { ...answer, sourcePort: flags }, owner, asker);
  return 'hook' in told ? told : null;
}

/** ndisc_solicit: the packet's own source where it is the interface's, else its link-local address. */
function sourceOf({ host, dev }: LinkEnd, packet: Packet): Address {
  const device = interfaceNamed(host, dev);
  const own = device?.addresses.map((a) => a.address) ?? [];
  if (own.some((a) => sameAddress(a, packet.source)) && packet.family === 6) return packet.source;
  // every interface has one, also where nobody wrote it down
  return own.find((a) => a.family === 6 && isLinkLocal(a)) ?? ipv6(0xfe800000, 0, 0, device?.index ?? 1);
}

/** ff02::1:ff00:0/104 with the last 24 bits of the address (RFC 4291 2.7.1). */
const solicitedNode = ({ w3 }: Address): Address => ipv6(0xff020000, 0, 1, 0xff000000 | (w3 & 0xffffff));

const messageOf = (icmpType: number, source: Address, destination: Address): Packet => ({
  family: 6,
  protocol: PROTOCOL.icmpv6,
  source,
  destination,
  sourcePort: 0,
  destinationPort: 0,
  icmpType,
  icmpCode: 0,
  tcpFlags: 0,
  ttl: HOP_LIMIT,
  tos: 0,
  mark: 0,
  length: 72,
});

/** Takes a message out of one host and into the other: as it arrives, or where it was stopped. */
function deliver(world: World, message: Packet, from: LinkEnd, to: LinkEnd): Packet | DiscoveryFailure {
  const left = leave(world, message, from, to);
  if ('hook' in left) return left;
  const got = pass(world, { ...left, mark: 0 }, to, ['prerouting', 'input']);
  if ('hook' in got) return got;
  if (got.packet.ttl === HOP_LIMIT) return got.packet;
  return { ...stopped(message, to, 'input'), because: [to.host.fact] };
}

/** Out of a host. A mark may lead even these messages by a gateway: they get through where that is the other end itself. */
function leave(world: World, message: Packet, from: LinkEnd, to: LinkEnd): Packet | DiscoveryFailure {
  const left = pass(world, message, from, ['output', 'postrouting']);
  if ('hook' in left) return left;
  if (left.via === null) return left.packet;
  const { via, packet, hop } = left;
  const isTo = interfaceNamed(to.host, to.dev)?.addresses.some((a) => sameAddress(a.address, via)) === true;
  return isTo
    ? (discover(world, from, to, { target: via, packet }) ?? packet)
    : refusedAt(hop, stopped(message, from, 'output'));
}

/** A message with the gateway that it goes by, if any. */
interface Passed {
  readonly hop: HopBuilder;
  readonly packet: Packet;
  readonly via: Address | null;
}

/** Both hooks of one host. */
function pass(world: World, message: Packet, at: LinkEnd, hooks: readonly HookName[]): Passed | DiscoveryFailure {
  const { host, dev } = at;
  const isOut = hooks[0] === 'output';
  const hop = new HopBuilder(host, isOut ? null : dev, message);
  let packet = message;
  let tracked: Tracked | null = null;
  let via: Address | null = null;
  for (const hook of hooks) {
    const ways = isOut ? { in: null, out: dev } : { in: dev, out: null };
    const result = passHook(world, hop, { hook, ...ways, nextHop: packet.destination, packet, tracked });
    if (result.kind !== 'accept') return refusedAt(hop, stopped(message, at, hook));
    ({ packet, tracked } = result);
    const { way } = result;
    if (way !== null && way.dev !== dev) return refusedAt(hop, stopped(message, at, hook));
    if (way?.via && !sameAddress(way.via, packet.destination)) ({ via } = way);
  }
  return { hop, packet, via };
}

type Message = Pick<Packet, 'icmpType'>;

const stopped = ({ icmpType }: Message, { host }: LinkEnd, hook: HookName): Omit<DiscoveryFailure, 'because'> => ({
  message: icmpType === SOLICITATION ? 'solicitation' : 'advertisement',
  host: host.name,
  hook,
  table: '',
  chain: '',
});

/** The failure with the chain and the line that decided. */
function refusedAt(hop: HopBuilder, failure: Omit<DiscoveryFailure, 'because'>): DiscoveryFailure {
  const { steps } = hop.finish({ out: null, via: null, link: null, packet: hop.before });
  const step: Step | undefined = steps.findLast((s) => s.action.kind === 'filter');
  if (step?.action.kind !== 'filter') return { ...failure, because: [hop.host.fact] };
  return { ...failure, table: step.action.table, chain: step.action.chain, because: step.because };
}
