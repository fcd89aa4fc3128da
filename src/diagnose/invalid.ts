import type { Failure } from './failure.ts';

/** Whether connection tracking called the packet invalid at the host that dropped it: it saw half of the flow. */
export function isInvalid({ hop }: Failure): boolean {
  return hop.steps.some((s) => s.action.kind === 'tracked' && s.action.state === 'invalid');
}
