import type { CauseTest } from './cause-test.ts';

/** The host does not forward from the interface the packet came in by. */
export const forwardingOff: CauseTest = ({ trace, hop, step }) => {
  if (trace.outcome !== 'forwarding-off') return null;
  return {
    host: hop.host,
    evidence: step?.because ?? [],
    params: { setting: step?.because[0]?.text ?? '', dev: hop.in ?? '' },
  };
};
