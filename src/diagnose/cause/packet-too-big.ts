import { lastRoute } from '../last-route.ts';
import type { CauseTest } from './cause-test.ts';

/** The packet is larger than the next link carries, and may not be cut. */
export const packetTooBig: CauseTest = ({ trace, hop, step, packet }) => {
  if (trace.outcome !== 'too-big') return null;
  const routed = lastRoute(hop);
  const mtu = step?.action.kind === 'too-big' ? `${step.action.mtu} bytes` : '';
  return {
    host: hop.host,
    evidence: routed ? [routed.route.fact] : [],
    params: { dev: routed?.dev ?? '', what: `${packet.length} bytes`, ...(mtu ? { setting: mtu } : {}) },
  };
};
