import type { Step } from '../trace/index.ts';

/** `ip filter FORWARD`: the chain that a filter step speaks of; empty for other steps. */
export const chainName = (step: Step | null): string =>
  step?.action.kind === 'filter' ? `${step.action.table} ${step.action.chain}` : '';
