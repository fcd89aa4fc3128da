import { networkName } from '../network-prefix.ts';
import { rightWay } from '../right-way.ts';
import type { CauseTest } from './cause-test.ts';

/** The asking host is on a tunnel that leads there, and has no route into it. */
export const clientHasNoRoute: CauseTest = ({ network, trace, packet, direction, question, passed }) => {
  if (direction !== 'there' || !isLost(trace.outcome)) return null;
  const tunnel = network.tunnels.find((t) => t.clients.some((c) => c.host === question.from));
  if (!tunnel) return null;
  const next = rightWay(network, question.from, packet.destination, passed);
  const first = trace.hops[0]!;
  if (next?.host !== tunnel.server.host || first.link === tunnel.name) return null;
  const evidence = first.steps.findLast((s) => s.stage === 'route')?.because ?? [];
  return {
    host: question.from,
    evidence,
    params: { network: networkName(network, packet.destination), tunnel: tunnel.name },
  };
};

const isLost = (outcome: string): boolean =>
  ['no-route', 'private-on-internet', 'unknown', 'neighbour-unreachable'].includes(outcome);
