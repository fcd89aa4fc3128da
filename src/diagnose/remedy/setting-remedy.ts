import { interfaceKey, settingNumber } from '../../model/index.ts';
import type { Failure } from '../failure.ts';
import type { Remedy } from './remedy.ts';

/** Settings that stop the packet: forwarding that is off, a source check that is too strict. */
export function settingRemedies(failure: Failure): Remedy[] {
  switch (failure.trace.outcome) {
    case 'forwarding-off':
      return [forwardingRemedy(failure)];
    case 'reverse-path':
      return [sourceCheckRemedy(failure)];
    default:
      return [];
  }
}

function forwardingRemedy({ network, hop, packet }: Failure): Remedy {
  const host = network.hosts.get(hop.host)!;
  const whole = packet.family === 4 ? 'ipv4/ip_forward' : interfaceKey(6, 'all', 'forwarding');
  const isHalfOpen = packet.family === 4 && settingNumber(host, whole) > 0;
  const key = isHalfOpen ? interfaceKey(4, hop.in!, 'forwarding') : whole;
  return { kind: 'enable-forwarding', host: host.name, changes: [{ kind: 'set', host: host.name, key, value: '1' }] };
}

/** The greater of `all` and the interface's value counts, so 2 on the interface makes the check loose. */
function sourceCheckRemedy({ network, hop, step }: Failure): Remedy {
  const host = network.hosts.get(hop.host)!;
  const isWithoutWay = step?.action.kind === 'source-checked' && step.action.back === null;
  const own = { kind: 'set', host: host.name, key: interfaceKey(4, hop.in!, 'rp_filter') } as const;
  const all = { kind: 'set', host: host.name, key: interfaceKey(4, 'all', 'rp_filter'), value: '0' } as const;
  const changes = isWithoutWay ? [all, { ...own, value: '0' }] : [{ ...own, value: '2' }];
  return { kind: 'loosen-rp-filter', host: host.name, changes };
}
