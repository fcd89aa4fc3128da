import type { Failure } from '../failure.ts';
import type { Remedy } from './remedy.ts';

/** The cloud lets the host send and get for others. */
export function cloudRemedies({ step }: Failure): Remedy[] {
  if (step?.action.kind !== 'fabric-dropped') return [];
  const { host, link } = step.action;
  return [{ kind: 'lift-check', host, changes: [{ kind: 'lift-check', host, link }] }];
}
