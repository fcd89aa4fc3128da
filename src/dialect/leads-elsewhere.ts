import { isLimitedBroadcast, isLoopback, isMulticast } from '../ip/index.ts';
import type { Route } from '../model/index.ts';

/** Whether a listed route leads to others: not to the host itself, and not to many at once. */
export const leadsElsewhere = ({ prefix: { address, length } }: Route): boolean =>
  length === 0 || !(isLoopback(address) || isMulticast(address) || isLimitedBroadcast(address));
