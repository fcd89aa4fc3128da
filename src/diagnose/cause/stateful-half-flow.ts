import { isInvalid } from '../remedy/firewall-remedy.ts';
import type { CauseTest } from './cause-test.ts';

/** A firewall that tracks connections sees one direction only, calls it invalid and drops it. */
export const statefulHalfFlow: CauseTest = (failure) => {
  const { trace, hop, step } = failure;
  if (trace.outcome !== 'filtered' && trace.outcome !== 'rejected') return null;
  if (!isInvalid(failure)) return null;
  return { host: hop.host, evidence: step?.because ?? [], params: {} };
};
