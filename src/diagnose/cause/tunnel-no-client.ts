import { networkName } from '../network-prefix.ts';
import type { CauseTest } from './cause-test.ts';

/** OpenVPN's server has no client, and no network behind one, for the destination. */
export const tunnelNoClient: CauseTest = ({ network, trace, hop, step, packet }) => {
  if (!trace.outcome.startsWith('tunnel-') || step?.action.kind !== 'tunnel-refused') return null;
  const params = { network: networkName(network, packet.destination), tunnel: step.action.tunnel };
  return { host: hop.host, evidence: step.because, params };
};
