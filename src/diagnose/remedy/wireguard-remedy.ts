import { covers, isPrivate, type Address } from '../../ip/index.ts';
import { TABLE, wireGuardAt, type Change, type Host, type Network, type WireGuardEnd } from '../../model/index.ts';
import { endOfKey, peerFor, wireGuardEnd } from '../../trace/index.ts';
import type { Failure } from '../failure.ts';
import { missingAllowedIp } from '../missing-allowed-ip.ts';
import { newRoute } from './new-route.ts';
import type { Remedy } from './remedy.ts';

/** What a WireGuard interface has to be told: a network of a peer, with the route to it, or where the peer is. */
export const wireGuardRemedies = (failure: Failure): Remedy[] => [...allowing(failure), ...meeting(failure)];

function allowing(failure: Failure): Remedy[] {
  const missing = missingAllowedIp(failure);
  if (!missing) return [];
  const { host: name, wireguard, key, prefix } = missing;
  const host = failure.network.hosts.get(name)!;
  const at = { kind: 'set-peer', host: name, dev: wireguard.dev, publicKey: key } as const;
  const isRouted = host.routes.some(
    (r) => r.table === TABLE.main && r.nexthops[0]?.dev === wireguard.dev && covers(r.prefix, prefix),
  );
  const route = newRoute(prefix, { dev: wireguard.dev, via: null });
  const routes: Change[] = isRouted ? [] : [{ kind: 'add-route', host: name, route, by: 'hand' }];
  return [{ kind: 'allow-ip', host: name, changes: [{ ...at, set: { kind: 'allow', prefix } }, ...routes] }];
}

/** The peer keeps the way open, where it knows the way; else it gets an endpoint. */
function meeting({ network, hop, packet }: Failure): Remedy[] {
  const isLost = hop.steps.some((s) => s.action.kind === 'tunnel-refused' && s.action.why === 'no-endpoint');
  const here = hop.out === null ? null : wireGuardEnd(network, { host: hop.host, interface: hop.out })?.end;
  const own = here && wireGuardAt(hopHost(network, hop.host), here.interface);
  const peer = own && peerFor(own, packet.destination)?.peer;
  const far = peer && endOfKey(network, peer.publicKey);
  if (!isLost || !here || !far) return [];
  return [...keepalive(network, here, far), ...endpoint(network, here, far)];
}

const hopHost = (network: Network, name: string): Host => network.hosts.get(name)!;

function keepalive(network: Network, here: WireGuardEnd, far: WireGuardEnd): Remedy[] {
  const knows = wireGuardAt(hopHost(network, far.host), far.interface)?.peers.find(
    (p) => p.publicKey === here.publicKey && p.endpoint,
  );
  if (!knows) return [];
  const at = { kind: 'set-peer', host: far.host, dev: far.interface, publicKey: knows.publicKey } as const;
  return [{ kind: 'set-keepalive', host: far.host, changes: [{ ...at, set: { kind: 'keepalive', seconds: 25 } }] }];
}

function endpoint(network: Network, here: WireGuardEnd, far: WireGuardEnd): Remedy[] {
  const port = wireGuardAt(hopHost(network, far.host), far.interface)?.listenPort;
  if (port === undefined || far.publicKey === undefined) return [];
  const links = new Set(hopHost(network, here.host).interfaces.flatMap((i) => i.link ?? []));
  const there = hopHost(network, far.host).interfaces.filter((i) => i.up && i.link !== undefined);
  const near = there.filter((i) => links.has(i.link!)).flatMap((i) => i.addresses);
  const publics = there.flatMap((i) => i.addresses).filter((a) => !isPrivate(a.address));
  const address: Address | undefined = [...near, ...publics].find((a) => a.scope === 'global')?.address;
  if (!address) return [];
  const at = { kind: 'set-peer', host: here.host, dev: here.interface, publicKey: far.publicKey } as const;
  return [{ kind: 'set-endpoint', host: here.host, changes: [{ ...at, set: { kind: 'endpoint', address, port } }] }];
}
