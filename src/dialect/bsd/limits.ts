import type { RouteLimits } from '../route-dialect.ts';

/** What route(8) of macOS and FreeBSD can say: no metrics, no source addresses. */
export const BSD_LIMITS: RouteLimits = {
  families: [4, 6],
  rejects: ['unreachable', 'blackhole'],
  lacks: ['type', 'several-hops', 'other-family', 'tos', 'table', 'metric', 'source', 'onlink', 'scope', 'weight', 'device'], // prettier-ignore
};
