import { isLinkLocal, isMulticast, sameAddress, unspecified, type Address } from '../ip/index.ts';
import type { HookName, Host } from '../model/index.ts';
import type { HopBuilder } from './hop-builder.ts';
import type { HookResult, IpvsContext, Relayed, Tracked } from './hook-context.ts';
import { runHook } from './netfilter/run-hook.ts';
import { outputRoute } from './output-route.ts';
import { bareHeader, PROTOCOL, type Packet } from './packet.ts';
import { ends, noWay, type Passage } from './place.ts';
import { answerOf } from './refusal.ts';
import type { LocalError, Step } from './step.ts';
import type { WayResult } from './way.ts';
import { connectionsOf, fibIn, virtualConnectionsOf, type World } from './world.ts';

/** A packet at a netfilter hook. */
export interface AtHook {
  readonly hook: HookName;
  readonly in: string | null;
  readonly out: string | null;
  readonly nextHop: Address | null;
  readonly packet: Packet;
  readonly tracked: Tracked | null;
  /** Sends on what IPVS took; for the hooks where it may. */
  readonly relay?: (relayed: Relayed) => Passage;
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
    ...(hasIpvs(host) ? { ipvs: ipvsIn(world, hop) } : {}),
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
    case 'relayed':
      return at.relay!(result);
    case 'ended': {
      const answer = result.icmp ? ({ kind: 'icmp', error: result.icmp } as const) : null;
      return ends(result.outcome, result.packet, { tracked: result.tracked, answer });
    }
  }
}

const hasIpvs = (host: Host): boolean => host.virtualServers.length > 0 || host.configuredServers !== undefined;

function ipvsIn(world: World, hop: HopBuilder): IpvsContext {
  const { host, record } = hop;
  return {
    connections: virtualConnectionsOf(world, host),
    routeTo: (address) => {
      const packet = bareHeader(unspecified(address.family), address);
      return outputRoute(world, host, { packet, source: null, anySource: false, record });
    },
    reroute: (packet) =>
      outputRoute(world, host, { packet, source: packet.source, anySource: true, again: true, record }),
  };
}

/** ip_route_me_harder and ip6_route_me_harder, which keeps the interface of what does not leave its link. */
function reroute(world: World, hop: HopBuilder, packet: Packet, out: string | null): WayResult {
  const { family, source, destination } = packet;
  const stays = family === 6 && (isMulticast(destination) || isLinkLocal(destination));
  const changed = sameAddress(destination, hop.before.destination) ? 'mark' : 'destination';
  hop.record({ stage: 'route', action: { kind: 'rerouted', why: changed }, because: [] });
  const ask = { packet, source: isAskable(world, hop, source) ? source : null, anySource: true, again: true };
  if (!stays || out === null) return outputRoute(world, hop.host, { ...ask, record: hop.record });
  const steps: Step[] = [];
  const found = outputRoute(world, hop.host, { ...ask, oif: out, record: (step) => steps.push(step) });
  // the kernel has such routes of its own, which nobody needs to write down: only a rule can refuse
  const isRefused = steps.some((s) => s.action.kind === 'not-routed' && s.action.rule !== undefined);
  if (!found.way && !isRefused) return { way: { dev: out, via: null, source, mtu: null } };
  steps.forEach(hop.record);
  return found;
}

/** ip_route_me_harder asks with an IPv4 source only when one host alone can have it. */
const isAskable = (world: World, { host }: HopBuilder, source: Address): boolean =>
  source.family === 6 || ['local', 'unicast'].includes(fibIn(world, host).addressType(source));

/** A program learns at once that its own firewall dropped a packet, unless TCP sends it (tcp_connect tries again). */
const localErrorOf = ({ in: dev, packet }: AtHook): LocalError | null =>
  dev === null && packet.protocol !== PROTOCOL.tcp ? 'EPERM' : null;
