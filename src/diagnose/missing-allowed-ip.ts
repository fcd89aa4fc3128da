import { contains, hostPrefix, type Address, type Fact, type Prefix } from '../ip/index.ts';
import { wireGuardAt, type WireGuard } from '../model/index.ts';
import { endOfKey, peerFor, wireGuardEnd, type Hop } from '../trace/index.ts';
import type { Failure } from './failure.ts';
import { prefixAround } from './network-prefix.ts';
import { rightWay } from './right-way.ts';

/** A network that a WireGuard interface does not have with the peer behind which it lies. */
export interface MissingAllowedIp {
  readonly host: string;
  readonly wireguard: WireGuard;
  /** The peer's key, and its host. */
  readonly key: string;
  readonly peer: string;
  readonly prefix: Prefix;
  /** The host of the peer that has it instead, or the beginning of its key; null where none has. */
  readonly owner: string | null;
  readonly because: readonly Fact[];
}

/** What the allowed IPs of a host lack where it refused a source, or sent elsewhere what is for a peer; or null. */
export function missingAllowedIp(failure: Failure): MissingAllowedIp | null {
  const { network, trace, hop, packet, passed } = failure;
  const refused = hop.steps.some((s) => s.action.kind === 'tunnel-refused' && s.action.why === 'not-allowed');
  if (refused) {
    const before = trace.hops.at(-2)!;
    const key = wireGuardEnd(network, { host: before.host, interface: before.out! })?.end.publicKey;
    return key === undefined ? null : missing(failure, { hop, dev: hop.in!, key, address: packet.source });
  }
  for (const at of trace.hops) {
    const next = rightWay(network, at.host, packet.destination, passed);
    const end = next && wireGuardEnd(network, { host: at.host, interface: next.dev });
    if (!next || !end || !isSentHere(failure, at)) continue;
    const key = end.tunnel.ends.find((e) => e.host === next.host)?.publicKey;
    if (key === undefined) continue;
    const found = missing(failure, { hop: at, dev: next.dev, key, address: packet.destination });
    if (found) return found;
  }
  return null;
}

/** Whether routing or a tunnel decided there: what a filter stopped is another matter. */
const isSentHere = ({ turns }: Failure, hop: Hop): boolean =>
  turns.some((t) => t.hop === hop) || hop.steps.some((s) => s.stage === 'tunnel');

interface Place {
  readonly hop: Hop;
  readonly dev: string;
  readonly key: string;
  readonly address: Address;
}

function missing({ network }: Failure, { hop, dev, key, address }: Place): MissingAllowedIp | null {
  const wireguard = wireGuardAt(network.hosts.get(hop.host)!, dev);
  const peer = wireguard?.peers.find((p) => p.publicKey === key);
  const end = endOfKey(network, key);
  const owner = wireguard && peerFor(wireguard, address);
  if (!wireguard || !peer || !end || owner?.peer === peer) return null;
  const isOwn = (network.wireguard ?? []).some((t) => t.prefixes.some((p) => contains(p, address)));
  const ownerName =
    owner && (endOfKey(network, owner.peer.publicKey)?.host ?? `${owner.peer.publicKey.slice(0, 8)}...`);
  return {
    host: hop.host,
    wireguard,
    key,
    peer: end.host,
    prefix: isOwn ? hostPrefix(address) : prefixAround(network, address),
    owner: ownerName ?? null,
    because: [owner?.allowed.fact ?? peer.fact],
  };
}
