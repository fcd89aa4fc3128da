import { needed } from '../needed.ts';
import type { CauseTest } from './cause-test.ts';

/** The interface that the packet should leave by is down. */
export const interfaceDown: CauseTest = ({ trace, hop, step }) => {
  if (trace.outcome !== 'interface-down') return null;
  const dev = step?.action.kind === 'interface-down' ? step.action.dev : '';
  return { host: hop.host, evidence: [...(step?.because ?? []), needed(`${dev} up`)], params: { dev } };
};
