import { formatAddress, sameAddress } from '../../ip/index.ts';
import type { CauseTest } from './cause-test.ts';

/** An answer arrives, but not as the asking program expects it: at another host, or from another address. */
export const answerAstray: CauseTest = ({ trace, trip, hop, packet }) => {
  if (trace.outcome !== 'delivered') return null;
  const step = hop.steps.findLast((s) => s.stage === 'deliver');
  const isElsewhere = hop.host !== trip.from;
  const wanted = trip.flow.destination;
  const isOther = !sameAddress(packet.source, wanted);
  return {
    host: hop.host,
    evidence: step?.because ?? [],
    params: {
      ...(isOther ? { source: formatAddress(packet.source), destination: formatAddress(wanted) } : {}),
      ...(isElsewhere ? { client: trip.from } : {}),
    },
  };
};
