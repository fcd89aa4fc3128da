import { isUnspecified } from '../../ip/index.ts';
import type { CauseTest } from './cause-test.ts';

/** The packet's source or destination can't be on the wire, or the host has no address to send from. */
export const impossibleAddress: CauseTest = ({ trace, hop, step }) => {
  if (trace.outcome !== 'martian' && trace.outcome !== 'no-source-address') return null;
  const first = trace.hops[0]!;
  if (isUnspecified(first.after.source)) {
    return { host: first.host, evidence: step?.because ?? [], params: { what: 'it has no address to send from' } };
  }
  const what =
    step?.action.kind === 'martian'
      ? step.action.why
      : trace.outcome === 'martian'
        ? 'the source is one of its own addresses'
        : 'it has no address of that family';
  return { host: hop.host, evidence: step?.because ?? [], params: { what } };
};
