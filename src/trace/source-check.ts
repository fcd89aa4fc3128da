import { isLimitedBroadcast, isLoopback, isMulticast, isUnspecified, isZeroNet, type Fact } from '../ip/index.ts';
import { interfaceKey, setting, settingNumber, type Host } from '../model/index.ts';
import type { Chooser } from './choice.ts';
import { isOwnAddress } from './fib.ts';
import { fibLookup } from './fib-lookup.ts';
import { hasOwnRules, transportSeen } from './policy-rules.ts';
import type { Packet } from './packet.ts';

/** How a packet's source address was judged. */
export interface SourceCheck {
  readonly passed: boolean;
  readonly mode: 'strict' | 'loose' | 'local';
  /** Where the answer would go: interface of the reverse route; null without one. */
  readonly back: string | null;
  /** Whether the check looked at the routing table at all. */
  readonly asked: boolean;
  /** The reverse route's gateway is no neighbour: only then may a redirect be sent (fib_validate_source returns 0 or 1). */
  readonly onLink: boolean;
  readonly because: readonly Fact[];
}

/** Why an address can't be on the wire at all (ip_route_input_slow), or null. */
export function martianReason(host: Host, dev: string, packet: Packet): string | null {
  if (packet.family === 6) return ipv6Martian(dev, packet);
  if (isMulticast(packet.source) || isLimitedBroadcast(packet.source)) return 'the source is no single address';
  if (isLimitedBroadcast(packet.destination)) return null;
  if (isZeroNet(packet.source)) return 'the source is in 0.0.0.0/8';
  if (isZeroNet(packet.destination)) return 'the destination is in 0.0.0.0/8';
  const local =
    settingNumber(host, interfaceKey(4, 'all', 'route_localnet')) ||
    settingNumber(host, interfaceKey(4, dev, 'route_localnet'));
  if (dev === 'lo' || local) return null;
  if (isLoopback(packet.destination)) return 'the destination is a loopback address';
  return isLoopback(packet.source) ? 'the source is a loopback address' : null;
}

function ipv6Martian(dev: string, packet: Packet): string | null {
  if (isMulticast(packet.source)) return 'the source is a multicast address';
  if (dev === 'lo') return null;
  if (isLoopback(packet.source)) return 'the source is a loopback address';
  return isLoopback(packet.destination) ? 'the destination is a loopback address' : null;
}

/**
 * fib_validate_source: rp_filter as the greater of `all` and the interface's, and the refusal of own addresses as a
 * source. `out` is the interface the packet will leave by, null for local delivery. IPv6 has no such check.
 */
export function checkSource(
  host: Host,
  dev: string,
  out: string | null,
  packet: Packet,
  choices: Chooser,
): SourceCheck {
  const keys = [interfaceKey(4, 'all', 'rp_filter'), interfaceKey(4, dev, 'rp_filter')];
  const settings = keys.map((k) => setting(host, k));
  const levels = settings.map((s) => Number(s.value) || 0);
  const level = Math.max(...levels);
  const because = [settings[levels.indexOf(level)]!.fact];
  const base = { mode: level === 1 ? 'strict' : level === 2 ? 'loose' : 'local', because } as const;
  if (level === 0 && (dev !== out || !sendsRedirects(host, dev)) && !hasOwnRules(host)) {
    const own = !accepts(host, dev, 'accept_local') && hasAddress(host, packet);
    return { ...base, passed: !own, back: null, asked: false, onLink: false };
  }
  if (level === 0 && (dev !== out || !sendsRedirects(host, dev)) && accepts(host, dev, 'accept_local')) {
    return { ...base, passed: true, back: null, asked: false, onLink: false };
  }
  return fullCheck({ host, dev, out, packet, choices }, level, base);
}

interface Check {
  readonly host: Host;
  readonly dev: string;
  readonly out: string | null;
  readonly packet: Packet;
  readonly choices: Chooser;
}

/** __fib_validate_source. */
function fullCheck(check: Check, level: number, base: Pick<SourceCheck, 'mode' | 'because'>): SourceCheck {
  const { host, dev, out, packet, choices } = check;
  const { protocol, sourcePort, destinationPort } = transportSeen(host, packet);
  const useMark = accepts(host, dev, 'src_valid_mark');
  const key = {
    destination: packet.source,
    source: packet.destination,
    iif: out ?? 'lo',
    mark: useMark ? packet.mark : 0,
    tos: packet.tos,
    protocol,
    sourcePort: destinationPort,
    destinationPort: sourcePort,
  };
  const found = fibLookup(host, key, choices);
  const verdict = (passed: boolean, back: string | null, onLink = false): SourceCheck => {
    const route = found.route ? [found.route.fact] : [];
    return { ...base, because: [...base.because, ...route], passed, back, asked: true, onLink };
  };
  if (!found.ok) return verdict(level === 0, null);
  const back = found.nexthop?.dev ?? null;
  const isLocal = found.route.type === 'local';
  if (found.route.type !== 'unicast' && !(isLocal && accepts(host, dev, 'accept_local'))) return verdict(false, back);
  const onLink = found.nexthop?.via === undefined;
  if (found.route.nexthops.some((n) => n.dev === dev)) return verdict(true, back, onLink);
  if (!hasIpv4(host, dev)) return verdict(level === 0, back);
  if (level === 1) return verdict(false, back);
  const bound = fibLookup(host, { ...key, oif: dev }, choices);
  return verdict(true, back, bound.ok && bound.route.type === 'unicast' && bound.nexthop?.via === undefined);
}

const accepts = (host: Host, dev: string, name: string): boolean =>
  settingNumber(host, interfaceKey(4, 'all', name)) > 0 || settingNumber(host, interfaceKey(4, dev, name)) > 0;

/** Whether the host sends redirects on that interface: `all` or its own setting. */
export const sendsRedirects = (host: Host, dev: string): boolean => accepts(host, dev, 'send_redirects');

const hasIpv4 = (host: Host, dev: string): boolean =>
  host.interfaces.some((i) => i.name === dev && i.addresses.some((a) => a.address.family === 4));

const hasAddress = (host: Host, packet: Packet): boolean =>
  !isUnspecified(packet.source) && isOwnAddress(host, packet.source);
