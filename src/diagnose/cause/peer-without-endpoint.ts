import { needed } from '../needed.ts';
import type { CauseTest } from './cause-test.ts';

/** A WireGuard interface does not know where the peer is, and has not heard from it. */
export const peerWithoutEndpoint: CauseTest = ({ hop }) => {
  const step = hop.steps.findLast((s) => s.action.kind === 'tunnel-refused');
  if (step?.action.kind !== 'tunnel-refused' || step.action.why !== 'no-endpoint') return null;
  const { peer = 'the peer' } = step.action;
  return {
    host: hop.host,
    evidence: [...step.because, needed(`an Endpoint of ${peer}, or that ${peer} keeps the way open`)],
    params: { peer },
  };
};
