import { isLimitedBroadcast, isLinkLocal, isMulticast, type Address } from '../ip/index.ts';
import { interfaceKey, setting, settingNumber, type Host } from '../model/index.ts';
import type { Chooser } from './choice.ts';
import { fibLookup, type LookupWatch } from './fib-lookup.ts';
import { noRoute } from './output-route.ts';
import type { Outcome } from './outcome.ts';
import type { Packet } from './packet.ts';
import { transportSeen } from './policy-rules.ts';
import { checkSource, martianReason, sendsRedirects, type SourceCheck } from './source-check.ts';
import type { Step } from './step.ts';
import { deviceFor } from './world.ts';

/** What becomes of a packet that came in: delivered here, sent on, or dropped with or without an ICMP error. */
export type InputDecision =
  | { readonly kind: 'local'; readonly address: Address }
  | {
      readonly kind: 'forward';
      readonly dev: string;
      readonly via: Address | null;
      readonly mtu: number | null;
      readonly redirect: boolean;
    }
  | { readonly kind: 'drop'; readonly outcome: Outcome; readonly icmp: IcmpError | null };

/** Type and code of an ICMP error, of the packet's own family. */
export interface IcmpError {
  readonly type: number;
  readonly code: number;
}

type Record = (step: Step) => void;

/** What lookups need of a world. */
interface Lookups {
  readonly choices: Chooser;
  readonly watch?: LookupWatch;
}

/** ip_route_input_slow (net/ipv4/route.c) and ip6_route_input (net/ipv6/route.c). */
export function inputRoute(world: Lookups, host: Host, dev: string, packet: Packet, record: Record): InputDecision {
  const martian = martianReason(host, dev, packet);
  if (martian !== null) {
    record({ stage: 'source-check', action: { kind: 'martian', why: martian }, because: [] });
    return { kind: 'drop', outcome: 'martian', icmp: null };
  }
  if (isMulticast(packet.destination) || isLimitedBroadcast(packet.destination)) {
    return { kind: 'local', address: packet.destination };
  }
  return lookedUp(world, host, dev, packet, record);
}

/** The same without the look at the addresses that comes first. */
export function lookedUp(world: Lookups, host: Host, dev: string, packet: Packet, record: Record): InputDecision {
  // ip6_route_input names the protocol in any case
  const transport = { ...transportSeen(host, packet), ...(packet.family === 6 ? { protocol: packet.protocol } : {}) };
  const found = fibLookup(host, { ...packet, ...transport, iif: dev, near: dev }, world.choices, world.watch);
  if (!found.ok) return notRouted(host, dev, packet, found, record);
  const { route, nexthop, rule, losers, branch } = found;
  const via = nexthop?.via ?? null;
  const isLocal =
    route.type === 'local' || route.type === 'anycast' || route.type === 'broadcast' || route.type === 'multicast';
  const out = isLocal ? 'lo' : (nexthop?.dev ?? (via ? deviceFor(host, via) : null) ?? 'lo');
  record({
    stage: 'route',
    action: {
      kind: 'routed',
      destination: packet.destination,
      route,
      rule,
      dev: out,
      via,
      losers,
      ...(branch ? { branch } : {}),
    },
    because: [route.fact],
  });
  if (packet.family === 6)
    return ipv6Decision(host, dev, packet, { isLocal, out, via, mtu: route.mtu ?? null }, record);
  return ipv4Decision({ world, host, dev, packet, record }, { isLocal, out, via, mtu: route.mtu ?? null });
}

interface At {
  readonly world: Lookups;
  readonly host: Host;
  readonly dev: string;
  readonly packet: Packet;
  readonly record: Record;
}

interface Found {
  readonly isLocal: boolean;
  readonly out: string;
  readonly via: Address | null;
  readonly mtu: number | null;
}

function ipv4Decision(at: At, found: Found): InputDecision {
  const { world, host, dev, packet, record } = at;
  if (!found.isLocal && !forwards(host, dev, record)) return { kind: 'drop', outcome: 'forwarding-off', icmp: null };
  const check = checkSource(host, dev, found.isLocal ? null : found.out, packet, world.choices);
  recordCheck(check, record);
  if (!check.passed) return { kind: 'drop', outcome: check.mode === 'local' ? 'martian' : 'reverse-path', icmp: null };
  if (found.isLocal) return { kind: 'local', address: packet.destination };
  const redirect = found.out === dev && check.asked && check.onLink && sendsRedirects(host, dev);
  return { kind: 'forward', dev: found.out, via: found.via, mtu: found.mtu, redirect };
}

/** ip6_forward: one switch for the whole host, or since Linux 6.17 `force_forwarding` of the input interface. */
function ipv6Decision(host: Host, dev: string, packet: Packet, found: Found, record: Record): InputDecision {
  if (found.isLocal) return { kind: 'local', address: packet.destination };
  const all = setting(host, interfaceKey(6, 'all', 'forwarding'));
  const on = Number(all.value) > 0 || settingNumber(host, interfaceKey(6, dev, 'force_forwarding')) > 0;
  record({ stage: 'forwarding', action: { kind: 'forwarding-checked', on, dev }, because: [all.fact] });
  if (!on) return { kind: 'drop', outcome: 'forwarding-off', icmp: null };
  if (isLinkLocal(packet.source) || isLinkLocal(packet.destination)) {
    // beyond scope of source address (RFC 4443 3.1)
    const icmp = isLinkLocal(packet.source) ? { type: 1, code: 2 } : null;
    record({
      stage: 'forwarding',
      action: { kind: 'martian', why: 'link-local addresses are not forwarded' },
      because: [],
    });
    return { kind: 'drop', outcome: 'martian', icmp };
  }
  return { kind: 'forward', dev: found.out, via: found.via, mtu: found.mtu, redirect: false };
}

function forwards(host: Host, dev: string, record: Record): boolean {
  const own = setting(host, interfaceKey(4, dev, 'forwarding'));
  const used = host.settings.has(interfaceKey(4, dev, 'forwarding')) ? own : setting(host, 'ipv4/ip_forward');
  const on = Number(used.value) > 0;
  record({ stage: 'forwarding', action: { kind: 'forwarding-checked', on, dev }, because: [used.fact] });
  return on;
}

function recordCheck(check: SourceCheck, record: Record): void {
  if (check.passed && check.mode === 'local') return;
  const action = { kind: 'source-checked', mode: check.mode, passed: check.passed, back: check.back } as const;
  record({ stage: 'source-check', action, because: check.because });
}

type NotFound = Extract<ReturnType<typeof fibLookup>, { ok: false }>;

/** ip_error and ip6_pkt_discard: IPv4 answers only where it forwards, IPv6 always. */
function notRouted(host: Host, dev: string, packet: Packet, found: NotFound, record: Record): InputDecision {
  const named = { ...(found.rule ? { rule: found.rule } : {}), ...(found.route ? { route: found.route } : {}) };
  const because = [found.route?.fact ?? found.rule?.fact ?? noRoute(host)];
  record({
    stage: 'route',
    action: { kind: 'not-routed', destination: packet.destination, losers: found.losers, ...named },
    because,
  });
  if (packet.family === 4 && !forwards(host, dev, record))
    return { kind: 'drop', outcome: 'forwarding-off', icmp: null };
  const isRoute = found.route !== null;
  switch (found.error) {
    case 'EINVAL':
      return { kind: 'drop', outcome: 'route-blackhole', icmp: null };
    case 'EACCES':
      return {
        kind: 'drop',
        outcome: 'route-prohibited',
        icmp: packet.family === 4 ? { type: 3, code: 13 } : { type: 1, code: 1 },
      };
    case 'EHOSTUNREACH':
      return {
        kind: 'drop',
        outcome: 'route-unreachable',
        icmp: packet.family === 4 ? { type: 3, code: 1 } : { type: 1, code: 0 },
      };
    case 'ENETUNREACH':
      return {
        kind: 'drop',
        outcome: isRoute ? 'route-unreachable' : 'no-route',
        icmp: packet.family === 4 ? { type: 3, code: 0 } : { type: 1, code: 0 },
      };
  }
}
