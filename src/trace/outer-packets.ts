import type { Network } from '../model/index.ts';
import { Choices } from './choice.ts';
import { answerTo, firstPacket } from './first-packet.ts';
import { walk, type Walk } from './walk.ts';
import { hostIn, newWorld, type OuterWay, type TunnelLeg, type World } from './world.ts';

const known = new WeakMap<Network, Map<string, OuterWay | null>>();

/**
 * Follows the packets that carry a tunnel: from the client to the address and port that its configuration names, and the
 * server's answer to them. Where there are several ways, the first. Null where nothing tells between which ends they
 * travel. Asked once a network: what they carry makes no difference to them.
 */
export function outerPackets(world: World, leg: TunnelLeg): OuterWay | null {
  const ways = known.get(world.network) ?? new Map<string, OuterWay | null>();
  known.set(world.network, ways);
  const inside = world.carrying.map((c) => `${c.host} ${c.interface}`);
  const key = [leg.tunnel.name, leg.client.commonName, leg.from, ...inside].join('\n');
  const found = ways.get(key);
  if (found !== undefined) return found;
  const way = follow(world, leg);
  ways.set(key, way);
  return way;
}

function follow({ network, outer, carry, carrying }: World, { tunnel, client, from }: TunnelLeg): OuterWay | null {
  if (client.host === undefined || client.interface === undefined || !client.outer) return null;
  const ends = [{ host: client.host, interface: client.interface }, tunnel.server];
  const around = { network, outer, carry, carrying: [...carrying, ...ends] };
  const world = newWorld({ ...around, choices: new Choices(), redirects: [] });
  const there = fromClient(world, client.host, client.outer);
  if (from === 'client')
    return { trace: there.trace, arrives: there.trace.host === tunnel.server.host && isThere(there) };
  if (!there.delivered || there.trace.host !== tunnel.server.host) return null;
  const host = hostIn(network, tunnel.server.host);
  const packet = answerTo(host, there.delivered);
  const back = walk(world, { ...SOCKET, host, packet, hasSource: true }, true);
  return { trace: back.trace, arrives: back.trace.host === client.host && isThere(back) };
}

const SOCKET = { askTwice: true, anySource: false, tracked: null };

const isThere = ({ delivered }: Walk): boolean => delivered !== null;

function fromClient(world: World, from: string, outer: NonNullable<TunnelLeg['client']['outer']>): Walk {
  const { protocol, server, serverPort, clientPort } = outer;
  const host = hostIn(world.network, from);
  const ports = { sourcePort: clientPort, destinationPort: serverPort };
  const packet = firstPacket(host, { from, destination: server, protocol, ...ports });
  return walk(world, { ...SOCKET, host, packet, hasSource: false });
}
