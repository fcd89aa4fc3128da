import { formatAddress } from '../../ip/index.ts';
import type { Failure } from '../failure.ts';
import { lastRoute } from '../last-route.ts';
import { deadNextHop } from './dead-next-hop.ts';
import { wrongNextHop } from './wrong-next-hop.ts';
import type { CauseTest } from './cause-test.ts';

/** One of several next hops of the same route leads nowhere, another gets there: some connections work, others never do. */
export const multipathLeg: CauseTest = (failure) => {
  const named = deadNextHop(failure) ?? wrongNextHop(failure);
  const routed = named && routeOf(failure, named.host);
  if (!routed || routed.route.nexthops.length < 2) return null;
  if (!failure.trip.otherwise.some((t) => t.verdict === 'answered')) return null;
  const via = routed.via ? formatAddress(routed.via) : (named.params['via'] ?? '');
  return { ...named, params: { ...named.params, via } };
};

const routeOf = ({ trace }: Failure, host: string): ReturnType<typeof lastRoute> => {
  const hop = trace.hops.findLast((h) => h.host === host);
  return hop ? lastRoute(hop) : null;
};
