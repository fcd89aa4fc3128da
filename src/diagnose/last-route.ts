import type { Action, Hop } from '../trace/index.ts';

type Routed = Extract<Action, { kind: 'routed' }>;

/** The last routing decision that a host made for the packet, or null. */
export function lastRoute(hop: Hop): Routed | null {
  const action = hop.steps.findLast((s) => s.action.kind === 'routed')?.action;
  return action?.kind === 'routed' ? action : null;
}
