import { filteredOnWay } from '../filtered.ts';
import { isInvalid } from '../invalid.ts';
import { neededAccept } from '../needed.ts';
import type { CauseTest } from './cause-test.ts';

/** A firewall that tracks connections sees one direction only, calls it invalid and drops it. */
export const statefulHalfFlow: CauseTest = (failure) => {
  if (!filteredOnWay(failure) || !isInvalid(failure)) return null;
  const { hop, step } = failure;
  const tracked = hop.steps.findLast((s) => s.action.kind === 'tracked')?.action;
  const why = tracked?.kind === 'tracked' ? tracked.why : '';
  return {
    host: hop.host,
    evidence: [...(step?.because ?? []), ...neededAccept(failure)],
    params: why === '' ? {} : { what: why },
  };
};
