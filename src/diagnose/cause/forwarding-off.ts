import { needed } from '../needed.ts';
import { forwardingKey, sysctlName } from '../forwarding-key.ts';
import type { CauseTest } from './cause-test.ts';

/** The host does not forward from the interface the packet came in by. */
export const forwardingOff: CauseTest = ({ network, trace, hop, packet }) => {
  if (trace.outcome !== 'forwarding-off') return null;
  const step = hop.steps.findLast((s) => s.action.kind === 'forwarding-checked');
  const host = network.hosts.get(hop.host)!;
  const setting = step?.because[0]?.text ?? '';
  const evidence = [...(step?.because ?? []), needed(`${sysctlName(forwardingKey(host, packet.family, hop.in!))} = 1`)];
  return { host: hop.host, evidence, params: { setting, dev: hop.in ?? '' } };
};
