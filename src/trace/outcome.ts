/** How a trace can end. Each has a row in docs/outcomes.md; a test compares the two. */
export const OUTCOMES = [
  'delivered',
  'no-route',
  'route-unreachable',
  'route-prohibited',
  'route-blackhole',
  'forwarding-off',
  'reverse-path',
  'martian',
  'filtered',
  'rejected',
  'neighbour-unreachable',
  'ttl-expired',
  'too-big',
  'interface-down',
  'no-source-address',
  'private-on-internet',
  'fabric-dropped',
  'tunnel-no-client',
  'tunnel-no-peer',
  'tunnel-no-endpoint',
  'tunnel-bad-source',
  'tunnel-down',
  'not-listening',
  'unknown',
] as const;

/**
 * How a trace ended: `delivered` to a host's own address and past its filters; the rest names what ended it.
 * `unknown`: it left what was collected.
 */
export type Outcome = (typeof OUTCOMES)[number];
