import { hostPrefix } from '../../ip/index.ts';
import type { Failure } from '../failure.ts';
import { recursion } from '../recursion.ts';
import { newRoute } from './new-route.ts';
import type { Remedy } from './remedy.ts';

/** A route for the tunnel's other end alone, beside the tunnel. */
export function recursionRemedies(failure: Failure): Remedy[] {
  const found = recursion(failure);
  if (!found?.outside) return [];
  const { host } = failure.hop;
  const route = newRoute(hostPrefix(found.destination), found.outside);
  return [{ kind: 'client-route', host, changes: [{ kind: 'add-route', host, route, by: 'hand' }] }];
}
