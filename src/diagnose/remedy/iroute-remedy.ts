import { contains } from '../../ip/index.ts';
import type { Failure } from '../failure.ts';
import { prefixAround } from '../network-prefix.ts';
import { rightWay } from '../right-way.ts';
import type { Remedy } from './remedy.ts';

/** The server learns which network lies behind the client that the packet comes from, or should go to. */
export function irouteRemedies({ network, hop, packet, passed }: Failure): Remedy[] {
  const step = hop.steps.findLast((s) => s.action.kind === 'tunnel-refused');
  if (step?.action.kind !== 'tunnel-refused') return [];
  const { tunnel: name, why } = step.action;
  if (why === 'down' || why === 'recursive') return [];
  const tunnel = network.tunnels.find((t) => t.name === name)!;
  const address = why === 'bad-source' ? packet.source : packet.destination;
  const commonName =
    why === 'bad-source'
      ? tunnel.clients.find((c) => c.host === hop.host)?.commonName
      : rightWay(network, hop.host, address, passed)?.lacksIroute;
  if (commonName === undefined || commonName === null) return [];
  if (tunnel.prefixes.some((p) => contains(p, address))) return [];
  const host = tunnel.server.host;
  const prefix = prefixAround(network, address);
  return [{ kind: 'add-iroute', host, changes: [{ kind: 'add-iroute', host, tunnel: name, commonName, prefix }] }];
}
