import { formatAddress } from '../../ip/index.ts';
import { needed } from '../needed.ts';
import { networkName } from '../network-prefix.ts';
import { exemptRemedies, healsUnhidden, hiddenBetween } from '../remedy/exempt-remedy.ts';
import type { CauseTest } from './cause-test.ts';

/** A masquerade that is left over from remote access catches what goes between two sites, and nobody answers that address. */
export const masqueradeCatches: CauseTest = (failure) => {
  const [hidden] = hiddenBetween(failure);
  if (hidden?.step.action.kind !== 'translated' || !healsUnhidden(failure, exemptRemedies(failure))) return null;
  const { network } = failure;
  const { hop, step } = hidden;
  const between = `${networkName(network, hop.before.source)} to ${networkName(network, hop.after.destination)}`;
  return {
    host: hop.host,
    evidence: [...step.because, needed(`no translation from ${between}`)],
    params: {
      source: networkName(network, hop.before.source),
      network: networkName(network, hop.after.destination),
      via: formatAddress(hidden.step.action.to),
    },
  };
};
