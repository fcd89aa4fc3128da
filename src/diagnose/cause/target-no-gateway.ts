import type { Fact } from '../../ip/index.ts';
import type { Failure } from '../failure.ts';
import { networkName } from '../network-prefix.ts';
import { needed, neededRoute } from '../needed.ts';
import { isCheckedByTarget, sourceCheckOf } from '../source-way.ts';
import type { CauseTest, Named } from './cause-test.ts';

/** The target has no route that an answer could take; with rp_filter it drops the question for that already. */
export const targetNoGateway: CauseTest = (failure) => {
  const { network, trace, hop, packet, direction, turns } = failure;
  if (isCheckedByTarget(failure)) {
    const check = sourceCheckOf(failure);
    const isWithout = check?.action.kind === 'source-checked' && check.action.back === null;
    return check && isWithout ? named(failure, check.because, networkName(network, packet.source), []) : null;
  }
  if (direction !== 'back' || trace.outcome !== 'no-route' || trace.hops.length !== 1) return null;
  const because = hop.steps.findLast((s) => s.stage === 'route')?.because ?? [];
  const route = neededRoute(failure, hop.host, turns[0]?.next ?? null);
  return named(failure, because, networkName(network, packet.destination), route);
};

function named({ hop }: Failure, because: readonly Fact[], network: string, route: readonly Fact[]): Named {
  const evidence = [...because, needed(`a default route on ${hop.host}`), ...route];
  return { host: hop.host, evidence, params: { network } };
}
