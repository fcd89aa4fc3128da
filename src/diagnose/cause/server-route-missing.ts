import type { Address, Fact } from '../../ip/index.ts';
import { behindClient } from '../behind-client.ts';
import type { Failure } from '../failure.ts';
import { needed } from '../needed.ts';
import { networkName } from '../network-prefix.ts';
import type { NextStep } from '../right-way.ts';
import { isSourceUnknown, sourceCheckOf, wayToSource } from '../source-way.ts';
import { blamedTurn } from '../wrong-turn.ts';
import type { CauseTest } from './cause-test.ts';

/**
 * The kernel of OpenVPN's server has no route to a network behind a client: `route` is missing beside `iroute`. With
 * rp_filter it drops the question for that already.
 */
export const serverRouteMissing: CauseTest = (failure) => {
  const lacks = lackOf(failure);
  const behind = lacks?.next && behindClient(failure.network, lacks.host, lacks.next, lacks.address);
  if (!lacks?.next || !behind) return null;
  const { host, address, because } = lacks;
  const name = networkName(failure.network, address);
  return {
    host,
    evidence: [...because, needed(`route ${name} in the configuration of OpenVPN on ${host}`)],
    params: { network: name, ...(behind.client === null ? {} : { client: behind.client }) },
  };
};

interface Lack {
  readonly host: string;
  readonly address: Address;
  readonly next: NextStep | null;
  readonly because: readonly Fact[];
}

/** Which host has no route of its own to which address: as a destination, or as the source that rp_filter looks up. */
function lackOf(failure: Failure): Lack | null {
  const { packet, hop } = failure;
  const check = sourceCheckOf(failure);
  if (check) {
    const next = isSourceUnknown(failure) ? wayToSource(failure) : null;
    return { host: hop.host, address: packet.source, next, because: check.because };
  }
  const turn = blamedTurn(failure.turns);
  // a route that stands there is another fault
  if (!turn || (turn.routed && turn.routed.route.prefix.length > 0)) return null;
  return { host: turn.hop.host, address: packet.destination, next: turn.next, because: turn.because };
}
