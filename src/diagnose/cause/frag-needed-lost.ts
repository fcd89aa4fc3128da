import { formatAddress } from '../../ip/index.ts';
import { chainName } from '../chain-name.ts';
import { lastRoute } from '../last-route.ts';
import { needed } from '../needed.ts';
import { lostMessage } from '../too-big.ts';
import type { CauseTest } from './cause-test.ts';

/** A large packet does not fit, and the message that says so is lost: the sender never learns to send smaller ones. */
export const fragNeededLost: CauseTest = (failure) => {
  const lost = lostMessage(failure);
  if (!lost || failure.step?.action.kind !== 'too-big') return null;
  const { hop, step } = lost;
  const { mtu } = failure.step.action;
  const chain = chainName(step);
  const routed = lastRoute(failure.hop);
  return {
    host: hop.host,
    evidence: [
      ...(routed ? [routed.route.fact] : []),
      ...(step?.because ?? []),
      needed(`'packet too big' from ${failure.hop.host} comes back to ${formatAddress(failure.packet.source)}`),
    ],
    params: {
      setting: `${mtu} bytes`,
      dev: routed?.dev ?? '',
      client: failure.hop.host,
      ...(chain === '' ? {} : { chain }),
    },
  };
};
