import {
  bitsOf,
  contains,
  defaultPrefix,
  formatAddress,
  formatPrefix,
  hostPrefix,
  type Family,
} from '../../ip/index.ts';
import { proposed, TABLE, type Change, type FilterRule, type Host, type VirtualServer } from '../../model/index.ts';
import type { Packet } from '../../trace/index.ts';
import { isConnected } from '../connected.ts';
import { directorOf, neighbourAt, type NeighbourAt } from '../director.ts';
import type { Failure } from '../failure.ts';
import { prefixAround } from '../network-prefix.ts';
import { byInterface, inPrefix } from './accept-rule.ts';
import { natPlace } from './masquerade-remedy.ts';
import { newRoute } from './new-route.ts';
import { ruleWithTable } from './new-rule.ts';
import type { Remedy } from './remedy.ts';

/** What brings a virtual server's answers home, or its real servers back. */
export const virtualServerRemedies = (failure: Failure): Remedy[] => [
  ...weightRemedies(failure),
  ...returnRemedies(failure),
];

function weightRemedies({ hop }: Failure): Remedy[] {
  const action = hop.steps.findLast((s) => s.action.kind === 'no-real-server')?.action;
  if (action?.kind !== 'no-real-server' || action.service.realServers.length === 0) return [];
  const server: VirtualServer = {
    ...action.service,
    realServers: action.service.realServers.map((s) => ({ ...s, weight: Math.max(1, s.weight) })),
  };
  const changes: Change[] = [{ kind: 'set-virtual-server', host: hop.host, server }];
  return [{ kind: 'restore-weight', host: hop.host, changes }];
}

/** The real server sends its answers to the director: those to the client's network, or all that leave its own. */
function returnRemedies({ network, trip, trace, direction }: Failure): Remedy[] {
  const director = directorOf(trip);
  const first = trace.hops[0]!;
  if (direction !== 'back' || director === null || trace.hops.some((h) => h.host === director)) return [];
  const host = network.hosts.get(first.host)!;
  const { destination, family } = first.after;
  const next = neighbourAt(network, host, director, family);
  if (!next) return hiddenBehind({ network, trip }, director, family);
  const around = prefixAround(network, destination);
  const isNear = host.routes.some(
    (r) => r.table === TABLE.main && isConnected(host, r) && contains(r.prefix, destination),
  );
  const isOne = around.length === bitsOf(family) && !isNear;
  const prefix = isNear ? hostPrefix(destination) : isOne ? defaultPrefix(family) : around;
  const standing = host.routes.filter(
    (r) =>
      r.table === TABLE.main &&
      r.prefix.address.family === family &&
      r.prefix.length === prefix.length &&
      contains(r.prefix, destination),
  );
  const removed = standing.map((route): Change => ({ kind: 'remove-route', host: host.name, route }));
  const added: Change = { kind: 'add-route', host: host.name, route: newRoute(prefix, next), by: 'hand' };
  return [
    { kind: isOne ? 'default-gateway' : 'route-on-target', host: host.name, changes: [...removed, added] },
    ...answerByRule(host, first.after, next),
  ];
}

/** Only what the virtual server hands out goes back through the director: the host keeps its gateway for all else. */
function answerByRule(host: Host, answer: Packet, next: NeighbourAt): Remedy[] {
  const { family, source, protocol, sourcePort: port } = answer;
  const picks = { from: hostPrefix(source), protocol, sport: { from: port, to: port } };
  const words = `from ${formatAddress(source)} ipproto ${protocol} sport ${port}`;
  const changes = ruleWithTable(host, family, { picks, words }, (t) => newRoute(defaultPrefix(family), next, t));
  return changes ? [{ kind: 'answer-by-rule', host: host.name, changes }] : [];
}

/** No link in common: the director asks in its own name, which needs netfilter to follow the connection. */
function hiddenBehind(
  { network, trip }: Pick<Failure, 'network' | 'trip'>,
  director: string,
  family: Family,
): Remedy[] {
  const hop = trip.forward.hops.find((h) => h.host === director);
  const host = network.hosts.get(director)!;
  if (hop?.out == null) return [];
  const server = hostPrefix(hop.after.destination);
  const rule: FilterRule = {
    statements: [inPrefix('daddr', server), byInterface('oifname', hop.out), { kind: 'masquerade' }],
    fact: proposed(`masquerade to ${formatPrefix(server)} out of ${hop.out}`),
  };
  const { place, newTable } = natPlace(host, family);
  const changes: Change[] = [
    { kind: 'set', host: director, key: 'ipv4/vs/conntrack', value: '1' },
    { kind: 'add-rule', host: director, place, rule, ...(newTable ? { newTable } : {}) },
  ];
  return [{ kind: 'masquerade', host: director, changes }];
}
