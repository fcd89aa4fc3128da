import { formatAddress, type Fact } from '../ip/index.ts';
import type { VirtualServer } from '../model/index.ts';
import type { Hop, RoundTrip } from '../trace/index.ts';
import type { Named } from './cause/cause-test.ts';
import { needed } from './needed.ts';

/** A marked packet that no virtual server took. */
export interface Missed {
  readonly host: string;
  /** The one that keepalived.conf has for it. */
  readonly configured: VirtualServer | null;
  readonly named: Named;
}

/** The host where the packet's mark was meant for a virtual server and led to none; null when that did not happen. */
export function missedVirtualServer({ forward }: RoundTrip): Missed | null {
  for (const hop of forward.hops) {
    const marks = hop.steps.filter((s) => s.action.kind === 'marked').flatMap((s) => s.because);
    for (const { action, because } of hop.steps) {
      if (action.kind === 'no-virtual-server') return missing(hop, action, [...marks, ...because]);
      if (action.kind === 'passed-by') return passedBy(hop, action.service, [...marks, ...because]);
    }
  }
  return null;
}

function missing(
  { host }: Hop,
  { mark, configured }: { readonly mark: number; readonly configured: VirtualServer | null },
  because: readonly Fact[],
): Missed {
  const setting = configured ? 'keepalived.conf has one, but the kernel does not' : null;
  const what = configured ? 'Keepalived to run and put it in' : `a virtual server fwmark ${mark}`;
  const params = { what: `${mark}`, ...(setting === null ? {} : { setting }) };
  return { host, configured, named: { host, evidence: [...because, needed(what)], params } };
}

/** IPVS takes only what is delivered to its machine. */
function passedBy({ host, after }: Hop, service: VirtualServer, because: readonly Fact[]): Missed {
  const mark = service.match.kind === 'mark' ? service.match.mark : 0;
  const local = `ip rule add fwmark ${mark} lookup 200; ip route add local default dev lo table 200`;
  const setting = `it goes on to ${formatAddress(after.destination)}, and IPVS takes only what is for the machine itself`;
  const named = { host, evidence: [...because, needed(local)], params: { what: `${mark}`, setting } };
  return { host, configured: null, named };
}
