import { formatAddress, formatPrefix } from '../../ip/index.ts';
import { directorOf, neighbourAt } from '../director.ts';
import { lastRoute } from '../last-route.ts';
import { needed } from '../needed.ts';
import { prefixAround } from '../network-prefix.ts';
import type { CauseTest } from './cause-test.ts';

/**
 * A real server behind NAT answers past its director: only that could give the answer the address which the client asked.
 */
export const realServerNoReturn: CauseTest = ({ network, trip, trace, direction }) => {
  const director = directorOf(trip);
  const first = trace.hops[0]!;
  const host = network.hosts.get(first.host)!;
  if (direction !== 'back' || director === null || first.host === director || trace.outcome === 'unknown') return null;
  if (trace.hops.some((h) => h.host === director)) return null;
  const { destination, family, source } = first.after;
  const next = neighbourAt(network, host, director, family);
  const route = lastRoute(first);
  const step = first.steps.findLast((s) => s.stage === 'route');
  const wanted = next ? ` via ${formatAddress(next.via)} dev ${next.dev}` : ` through ${director}`;
  return {
    host: host.name,
    evidence: [...(step?.because ?? []), needed(`${formatPrefix(prefixAround(network, destination))}${wanted}`)],
    params: {
      client: director,
      source: formatAddress(destination),
      destination: formatAddress(source),
      ...(route?.via ? { via: formatAddress(route.via) } : {}),
    },
  };
};
