import type { RejectType, RouteLimits } from './route-dialect.ts';
import type { RouteType } from '../model/index.ts';

/** All kinds of refusal that Linux has. */
export const REJECT_KINDS: readonly RejectType[] = ['unreachable', 'prohibit', 'blackhole', 'throw'];

/** Whether a route of this type refuses, and so has no next hop. */
export const isRefusal = (type: RouteType): boolean => (REJECT_KINDS as readonly RouteType[]).includes(type);

/** What Linux itself can say, for languages that say all of it. */
export const LINUX_LIMITS: RouteLimits = {
  families: [4, 6],
  rejects: REJECT_KINDS,
  lacks: [],
  // net/core/dev.c, dev_valid_name; letters that no shell reads
  devices: /^[\w.@-]{1,15}$/,
};
