import { translationRules } from '../translation-rules.ts';
import { noMasquerade } from './no-masquerade.ts';
import type { CauseTest } from './cause-test.ts';

/** There is a rule that masquerades, and this packet does not match it: another interface, another network. */
export const masqueradeElsewhere: CauseTest = (failure) => {
  const named = noMasquerade(failure);
  const [rule] = translationRules(failure.network.hosts.get(failure.hop.host)!, failure.packet.family);
  if (!named || !rule) return null;
  return { ...named, evidence: [rule, ...named.evidence], params: { ...named.params, what: rule.text } };
};
