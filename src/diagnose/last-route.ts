import type { Action, Hop } from '../trace/index.ts';

/** A routing decision. */
export type Routed = Extract<Action, { kind: 'routed' }>;

/** The last routing decision that a host made for the packet, or null. */
export function lastRoute(hop: Hop): Routed | null {
  const action = hop.steps.findLast((s) => s.stage === 'route' && s.action.kind !== 'rerouted')?.action;
  return action?.kind === 'routed' ? action : null;
}
