import { isLinkLocal, isMulticast, sameAddress, type Address } from '../ip/index.ts';
import type { HookName } from '../model/index.ts';
import type { HopBuilder } from './hop-builder.ts';
import type { HookResult, Tracked } from './hook-context.ts';
import { runHook } from './netfilter/run-hook.ts';
import { outputRoute } from './output-route.ts';
import { PROTOCOL, type Packet } from './packet.ts';
import { ends, noWay, type Passage } from './place.ts';
import { answerOf } from './refusal.ts';
import type { LocalError } from './step.ts';
import type { WayResult } from './way.ts';
import { connectionsOf, fibIn, type World } from './world.ts';

/** A packet at a netfilter hook. */
export interface AtHook {
  readonly hook: HookName;
  readonly in: string | null;
  readonly out: string | null;
  readonly nextHop: Address | null;
  readonly packet: Packet;
  readonly tracked: Tracked | null;
}

type Accepted = Extract<HookResult, { kind: 'accept' }>;

/** Runs a hook: either the packet goes on, or its passage through the host ends. */
export function passHook(world: World, hop: HopBuilder, at: AtHook): Accepted | Passage {
  const { hook, in: dev, out, nextHop, packet, tracked } = at;
  const { host, record } = hop;
  const result = runHook(packet, tracked, {
    host,
    hook,
    in: dev,
    out,
    nextHop,
    connections: connectionsOf(world, host),
    fib: fibIn(world, host),
    choices: world.choices,
    record,
    ...(hook === 'output' ? { reroute: (changed: Packet) => reroute(world, hop, changed, out) } : {}),
  });
  switch (result.kind) {
    case 'accept':
      return result;
    case 'drop':
      // TCP keeps such a failure to itself and sends again
      if (result.error) return noWay(packet, result.error, packet.protocol !== PROTOCOL.tcp);
      return ends('filtered', packet, { tracked, localError: localErrorOf(at) });
    case 'reject': {
      const answer = answerOf(result.with, result.packet);
      return ends('rejected', result.packet, {
        answer,
        tracked: result.tracked,
        localError: localErrorOf(at),
      });
    }
  }
}

/** ip_route_me_harder and ip6_route_me_harder, which keeps the interface of what does not leave its link. */
function reroute(world: World, hop: HopBuilder, packet: Packet, out: string | null): WayResult {
  const { family, source, destination } = packet;
  const stays = family === 6 && (isMulticast(destination) || isLinkLocal(destination));
  if (stays && out !== null) return { way: { dev: out, via: null, source, mtu: null } };
  const changed = sameAddress(destination, hop.before.destination) ? 'mark' : 'destination';
  hop.record({ stage: 'route', action: { kind: 'rerouted', why: changed }, because: [] });
  const ask = { packet, source, anySource: true, again: true };
  return outputRoute(world, hop.host, { ...ask, record: hop.record });
}

/** A program learns at once that its own firewall dropped a packet, unless TCP sends it (tcp_connect tries again). */
const localErrorOf = ({ in: dev, packet }: AtHook): LocalError | null =>
  dev === null && packet.protocol !== PROTOCOL.tcp ? 'EPERM' : null;
