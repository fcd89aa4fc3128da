import { contains, formatAddress, prefixOf, sameAddress, type Address } from '../ip/index.ts';
import {
  interfaceKey,
  interfaceNamed,
  settingNumber,
  type Attachment,
  type Host,
  type Link,
  type Route,
} from '../model/index.ts';
import { firstWay } from './choice.ts';
import { isOwnAddress } from './fib.ts';
import { inputRoute } from './input-route.ts';
import { bareHeader } from './packet.ts';
import { ipv4Source } from './source-address.ts';
import { hostIn, neighbourKey, type World } from './world.ts';

/** Who asks on a link, and the source of the packet that makes it ask. */
export interface Asker {
  readonly at: Attachment;
  readonly source: Address | null;
}

/**
 * Who on the link answers for the address. IPv4 hosts answer ARP for any address of theirs, if routing and arp_ignore let
 * them, and with proxy_arp for those that they would forward to elsewhere (net/ipv4/arp.c); they know who asked them. IPv6
 * hosts answer only for the addresses of the interface asked (net/ipv6/ndisc.c).
 */
export function answersOnLink(world: World, link: Link, asker: Asker, address: Address): Attachment | null {
  const self = asker.at;
  const known = world.askers.get(neighbourKey(self.host, self.interface, address));
  if (known) return known;
  const others = link.attachments.filter((end) => end.host !== self.host || end.interface !== self.interface);
  const up = others.filter((end) => interfaceNamed(hostIn(world.network, end.host), end.interface)?.up === true);
  if (address.family === 6)
    return up.find((end) => addressesOf(world, end).some((a) => sameAddress(a.address, address))) ?? null;
  const sender = senderOf(hostIn(world.network, self.host), asker, address);
  const isOwn = sender !== null && asker.source !== null && sameAddress(sender, asker.source);
  const answers = answersOf(world, up, { sender, address, isOwn });
  if (sender) for (const { end } of answers) world.askers.set(neighbourKey(end.host, end.interface, sender), self);
  return firstOf(world, link, asker, address, answers);
}

interface Answer {
  readonly end: Attachment;
  readonly as: 'owner' | 'proxy' | 'untrusting';
}

/** Those that answer: owners at once, proxies after a while, `untrusting` never: only where there is nobody else. */
function answersOf(world: World, ends: readonly Attachment[], request: Request): readonly Answer[] {
  const ask = (some: readonly Attachment[]): readonly Answer[] =>
    some.flatMap((end) => {
      const as = answerOf(world, end, request);
      return as ? [{ end, as }] : [];
    });
  const likely = ends.filter((end) => mayOwn(hostIn(world.network, end.host), request.address));
  const found = ask(likely);
  const owners = found.filter((a) => a.as === 'owner');
  if (owners.length > 0) return owners;
  const all = [...found, ...ask(ends.filter((end) => !likely.includes(end)))];
  const proxies = all.filter((a) => a.as === 'proxy');
  return proxies.length > 0 ? proxies : all;
}

const localRoutes = new WeakMap<Host, readonly Route[]>();

/** Whether any table of the host has the address as local. */
function mayOwn(host: Host, address: Address): boolean {
  let own = localRoutes.get(host);
  if (!own) localRoutes.set(host, (own = host.routes.filter((r) => r.type === 'local')));
  return own.some((r) => contains(r.prefix, address));
}

/** Whose answer is the first: the asker believes it, and no other for the next second (arp_process, locktime). */
function firstOf(
  { choices, network }: World,
  link: Link,
  { at: { host: name, interface: dev } }: Asker,
  address: Address,
  answers: readonly Answer[],
): Attachment | null {
  if (answers.length < 2) return answers[0]?.end ?? null;
  const entry = hostIn(network, name).neighbours.find((n) => n.dev === dev && sameAddress(n.address, address));
  const isKnown = ({ end }: Answer): boolean =>
    entry?.mac !== undefined && interfaceNamed(hostIn(network, end.host), end.interface)?.mac === entry.mac;
  const known = answers.find(isKnown);
  if (known) return known.end;
  const what = `${answers.length} interfaces on ${link.name} answer for ${formatAddress(address)}`;
  const key = `neighbour ${neighbourKey(name, dev, address)}`;
  return answers[choices.choose(answers.length, { what, fact: link.fact, random: true, key })]!.end;
}

const addressesOf = (world: World, { host, interface: dev }: Attachment): Host['interfaces'][number]['addresses'] =>
  interfaceNamed(hostIn(world.network, host), dev)?.addresses ?? [];

/** arp_solicit: the packet's own source where arp_announce lets it, else the interface's address nearest to the target. */
function senderOf(host: Host, { at, source }: Asker, target: Address): Address | null {
  const announce = greater(host, at.interface, 'arp_announce');
  if (announce < 1 && source?.family === 4 && isOwnAddress(host, source)) return source;
  return ipv4Source(host, at.interface, target, 'link');
}

const greater = (host: Host, dev: string, name: string): number =>
  Math.max(...['all', dev].map((d) => settingNumber(host, interfaceKey(4, d, name))));

interface Request {
  readonly sender: Address | null;
  readonly address: Address;
  /** It asks with the source of the packet that waits. */
  readonly isOwn: boolean;
}

/** arp_process: the request is routed like any packet, with rp_filter, and the answer says what the address is. */
function answerOf(world: World, end: Attachment, request: Request): Answer['as'] | null {
  const host = hostIn(world.network, end.host);
  if (!request.sender) return isOwnAddress(host, request.address) && !ignores(world, end, request) ? 'owner' : null;
  // a proxy answers, or not, by the way that its routes pick for the asker
  const proxies = greater(host, end.interface, 'proxy_arp') > 0;
  const choices = proxies ? world.choices : firstWay(world.choices);
  const decision = inputRoute(
    { choices },
    host,
    end.interface,
    bareHeader(request.sender, request.address),
    () => undefined,
  );
  // the packet that waits would fall to the same check: left to it, which says more
  const isUntrusted =
    decision.kind === 'drop' && (decision.outcome === 'reverse-path' || decision.outcome === 'martian');
  if (isUntrusted && request.isOwn) return isOwnAddress(host, request.address) ? 'untrusting' : null;
  if (decision.kind === 'local') return ignores(world, end, request) ? null : 'owner';
  const isProxy = decision.kind === 'forward' && decision.dev !== end.interface;
  return isProxy && proxies ? 'proxy' : null;
}

/** arp_ignore (Documentation/networking/ip-sysctl.rst). */
function ignores(world: World, end: Attachment, { sender, address }: Request): boolean {
  const host = hostIn(world.network, end.host);
  const own = addressesOf(world, end).filter((a) => sameAddress(a.address, address));
  const near = (a: (typeof own)[number]): boolean =>
    sender !== null && contains(prefixOf(a.peer ?? a.address, a.length), sender);
  switch (greater(host, end.interface, 'arp_ignore')) {
    case 0:
      return false;
    case 1:
      return own.length === 0;
    case 2:
      return !own.some(near);
    case 3:
      return !host.interfaces.some((i) =>
        i.addresses.some((a) => sameAddress(a.address, address) && a.scope !== 'host'),
      );
    case 8:
      return true;
    default:
      return false;
  }
}
