import type { CauseTest } from './cause-test.ts';

/** The answer hangs on a line that is not modelled. */
export const notModelled: CauseTest = ({ trip, hop }) => {
  const first = trip.uncertain[0];
  return first ? { host: hop.host, evidence: trip.uncertain, params: { what: first.text } } : null;
};
