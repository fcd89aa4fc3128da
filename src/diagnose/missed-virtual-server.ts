import { formatAddress, type Fact, type Family } from '../ip/index.ts';
import type { Host, Network, VirtualServer } from '../model/index.ts';
import type { Hop, RoundTrip, Step } from '../trace/index.ts';
import type { Named } from './cause/cause-test.ts';
import { needed } from './needed.ts';
import { standInServers } from './stand-in-server.ts';

/** A marked packet that no virtual server took. */
export interface Missed {
  readonly hop: Hop;
  readonly step: Step;
  readonly mark: number;
  /** It was sent on: IPVS takes only what is delivered to its machine. */
  readonly isSentOn: boolean;
  /** The one that keepalived.conf has for it. */
  readonly configured: VirtualServer | null;
  /** Virtual servers of the mark that could be made from what is known. */
  readonly standIns: readonly VirtualServer[];
  readonly named: Named;
}

/** The host where the packet's mark was meant for a virtual server and led to none; null when that did not happen. */
export function missedVirtualServer(network: Network, { forward }: RoundTrip): Missed | null {
  for (const hop of forward.hops) {
    const marks = hop.steps.filter((s) => s.action.kind === 'marked').flatMap((s) => s.because);
    for (const step of hop.steps) {
      const { action } = step;
      const because = [...marks, ...step.because];
      if (action.kind === 'no-virtual-server') return missing(network, { hop, step, because, ...action });
      if (action.kind === 'passed-by') return passedBy(hop, step, { service: action.service, because });
    }
  }
  return null;
}

interface Missing {
  readonly hop: Hop;
  readonly step: Step;
  readonly because: readonly Fact[];
  readonly mark: number;
  readonly configured: VirtualServer | null;
}

function missing(network: Network, { hop, step, because, mark, configured }: Missing): Missed | null {
  const host = network.hosts.get(hop.host)!;
  const { family } = hop.after;
  if (!configured && leadsElsewhere(host, family, mark)) return null;
  const setting = configured ? 'keepalived.conf has one, but the kernel does not' : null;
  const standIns = configured ? [] : standInServers(network, host, mark, family);
  const lacks = standIns.length > 0 ? '' : `, and the IPv${family} address of a page server for it`;
  const what = configured ? 'Keepalived to run and put it in' : `a virtual server fwmark ${mark}${lacks}`;
  const params = { what: `${mark}`, ...(setting === null ? {} : { setting }) };
  const named = { host: hop.host, evidence: [...because, needed(what)], params };
  return { hop, step, mark, isSentOn: false, configured, standIns, named };
}

/** A policy rule asks for this very mark, and not to take it in here: the mark is meant for that. */
function leadsElsewhere({ rules, routes }: Host, family: Family, mark: number): boolean {
  const tables = rules.flatMap((r) =>
    r.family === family && r.mark?.value === mark && r.action.kind === 'table' ? [r.action.table] : [],
  );
  return tables.some((t) => !routes.some((r) => r.table === t && r.type === 'local'));
}

type Passing = Pick<Missing, 'because'> & { readonly service: VirtualServer };

function passedBy(hop: Hop, step: Step, { service, because }: Passing): Missed {
  const mark = service.match.kind === 'mark' ? service.match.mark : 0;
  const ip = hop.after.family === 6 ? 'ip -6' : 'ip';
  const local = `${ip} rule add fwmark ${mark} lookup 200; ${ip} route add local default dev lo table 200`;
  const setting = `it goes on to ${formatAddress(hop.after.destination)}, and IPVS takes only what is for the machine itself`;
  const named = { host: hop.host, evidence: [...because, needed(local)], params: { what: `${mark}`, setting } };
  return { hop, step, mark, isSentOn: true, configured: null, standIns: [], named };
}
