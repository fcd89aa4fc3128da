import type { Fact } from '../../ip/index.ts';
import type { Action } from '../../trace/index.ts';
import type { Failure } from '../failure.ts';
import { missingIroute } from '../missing-iroute.ts';
import { needed } from '../needed.ts';
import { networkName } from '../network-prefix.ts';
import type { CauseTest } from './cause-test.ts';

/** OpenVPN's server has no connected client for an address of the tunnel's own network. */
export const tunnelNoClient: CauseTest = (failure) => {
  const refused = refusalOf(failure);
  if (refused?.why !== 'no-client') return null;
  const { network, hop, packet } = failure;
  const params = { network: networkName(network, packet.destination), tunnel: refused.tunnel };
  return {
    host: hop.host,
    evidence: [...refused.because, needed('a client that is connected and has the address')],
    params,
  };
};

/** OpenVPN's server does not know the network behind one of its clients: as a destination, or as a source. */
export const irouteMissing: CauseTest = (failure) => {
  const missing = missingIroute(failure);
  if (!missing) return null;
  const { tunnel, client } = missing;
  const behind = networkName(failure.network, missing.address);
  return {
    host: tunnel.server.host,
    evidence: [...missing.because, needed(`iroute ${behind}${client === null ? '' : ` for ${client}`}`)],
    params: { network: behind, tunnel: tunnel.name, ...(client === null ? {} : { client }) },
  };
};

/** The client is not connected, or the server's end is down; no handshake with a peer of WireGuard. */
export const tunnelDown: CauseTest = (failure) => {
  const refused = refusalOf(failure);
  const isDown = ['down', 'bad-source', 'no-session', 'stranger'].includes(refused?.why ?? '');
  if (!refused || !isDown) return null;
  return { host: failure.hop.host, evidence: refused.because, params: { tunnel: refused.tunnel } };
};

interface Refused {
  readonly tunnel: string;
  readonly why: Extract<Action, { kind: 'tunnel-refused' }>['why'];
  readonly because: readonly Fact[];
}

function refusalOf({ trace, hop }: Failure): Refused | null {
  if (!trace.outcome.startsWith('tunnel-')) return null;
  const step = hop.steps.findLast((s) => s.action.kind === 'tunnel-refused');
  return step?.action.kind === 'tunnel-refused' ? { ...step.action, because: step.because } : null;
}
