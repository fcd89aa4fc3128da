import { interfaceKey } from '../../model/index.ts';
import type { Failure } from '../failure.ts';
import { forwardingKey } from '../forwarding-key.ts';
import { hasTwoSides } from '../right-way.ts';
import { sourceCheckOf } from '../source-way.ts';
import type { Remedy } from './remedy.ts';

/** Settings that stop the packet: forwarding that is off, a source check that is too strict. */
export function settingRemedies(failure: Failure): Remedy[] {
  switch (failure.trace.outcome) {
    case 'forwarding-off':
      return forwardingRemedies(failure);
    case 'reverse-path':
      return [sourceCheckRemedy(failure)];
    default:
      return [];
  }
}

/** A box on one link only is no router, whatever its settings say. */
function forwardingRemedies({ network, hop, packet }: Failure): Remedy[] {
  const host = network.hosts.get(hop.host)!;
  if (!hasTwoSides(host)) return [];
  const key = forwardingKey(host, packet.family, hop.in!);
  return [{ kind: 'enable-forwarding', host: host.name, changes: [{ kind: 'set', host: host.name, key, value: '1' }] }];
}

/** The greater of `all` and the interface's value counts, so 2 on the interface makes the check loose. */
function sourceCheckRemedy(failure: Failure): Remedy {
  const host = failure.network.hosts.get(failure.hop.host)!;
  const check = sourceCheckOf(failure);
  const isWithoutWay = check?.action.kind === 'source-checked' && check.action.back === null;
  const own = { kind: 'set', host: host.name, key: interfaceKey(4, failure.hop.in!, 'rp_filter') } as const;
  const all = { kind: 'set', host: host.name, key: interfaceKey(4, 'all', 'rp_filter'), value: '0' } as const;
  const changes = isWithoutWay ? [all, { ...own, value: '0' }] : [{ ...own, value: '2' }];
  return { kind: 'loosen-rp-filter', host: host.name, changes };
}
