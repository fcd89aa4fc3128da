import type { Finding } from '../../diagnose/index.ts';
import type { Network } from '../../model/index.ts';
import type { Hop, Outcome, RoundTrip } from '../../trace/index.ts';
import { delivered, hop, host, network, packetOf, route, routed, step, tcp, trace } from './build.ts';

/** A network, what was asked of it, and what was found. */
export interface Example {
  readonly name: string;
  readonly network: Network;
  readonly trip: RoundTrip | null;
  readonly findings: readonly Finding[];
}

const rest = { third: null, fourth: null, learnt: [], secondTry: null, otherwise: [], unwalked: false, uncertain: [] };

/** Two sites over a tunnel through the internet; eight hosts. */
export const sites: Network = network(
  {
    'head office': ['lan', '192.168.10.0/24 2001:db8:10::/64'],
    'site tunnel': ['tunnel', '10.9.0.0/30'],
    branch: ['lan', '192.168.20.0/24'],
    internet: ['internet'],
  },
  [
    host('hq-gateway', { lan0: ['head office', '192.168.10.1/24', '2001:db8:10::1/64'], wan0: ['internet', '203.0.113.2/29'], tun0: ['site tunnel', '10.9.0.1/30'] }),
    host('branch-gateway', { lan0: ['branch', '192.168.20.1/24'], wan0: ['internet', '198.51.100.2/29'], tun0: ['site tunnel', '10.9.0.2/30'] }),
    host('file-server', { eth0: ['head office', '192.168.10.5/24', '2001:db8:10::5/64'] }),
    host('mail-server-with-a-long-name.example.org', { eth0: ['head office', '192.168.10.6/24'] }),
    host('printer', { eth0: ['branch', '192.168.20.9/24'] }),
    host('till-1', { eth0: ['branch', '192.168.20.21/24'] }),
    host('till-2', { eth0: ['branch', '192.168.20.22/24'] }),
    host('web', { eth0: ['internet', '192.0.2.80/24'] }),
  ],
); // prettier-ignore

const flow = tcp('192.168.20.21', '192.168.10.5', 445);
const syn = packetOf(flow, false);
const toBranch = routed('192.168.10.5', route('default', '192.168.20.1', 'eth0'));
const toSite = routed('192.168.10.5', route('192.168.10.0/24', null, 'tun0'));

const there: readonly Hop[] = [
  hop('till-1', null, 'eth0', 'branch', syn, toBranch),
  hop('branch-gateway', 'lan0', 'tun0', 'site tunnel', syn, toSite),
];

const dropped = step(
  'forward',
  { kind: 'filter', table: 'ip filter', chain: 'FORWARD', verdict: 'drop', byPolicy: true, rulesMet: 4 },
  { source: 'iptables-save', line: 12, text: ':FORWARD DROP [0:0]' },
);

const died = (hops: readonly Hop[], outcome: Outcome): RoundTrip => ({
  flow, from: 'till-1', to: 'file-server', verdict: 'no-answer', sees: { kind: 'timeout' },
  forward: trace(hops, outcome), return: null, ...rest,
}); // prettier-ignore

/** Pictures to draw and check; each shows something another one doesn't. */
export const EXAMPLES: readonly Example[] = [
  {
    name: 'sites-forward-drop',
    network: sites,
    trip: died([...there, hop('hq-gateway', 'tun0', null, null, syn, toSite, dropped)], 'filtered'),
    findings: [{ cause: 'forward-drop', host: 'hq-gateway', evidence: dropped.because, params: { chain: 'ip filter FORWARD' }, fixes: [] }],
  },
  {
    name: 'sites-answered',
    network: sites,
    trip: {
      ...died(there, 'unknown'), verdict: 'answered', sees: { kind: 'reply', from: flow.destination },
      forward: trace([...there,
        hop('hq-gateway', 'tun0', 'lan0', 'head office', syn, routed('192.168.10.5', route('192.168.10.0/24', null, 'lan0'))),
        hop('file-server', 'eth0', null, null, syn, delivered('192.168.10.5', 'eth0'))], 'delivered'),
      return: trace([
        hop('file-server', null, 'eth0', 'head office', packetOf(flow, true), routed('192.168.20.21', route('default', '192.168.10.1', 'eth0'))),
        hop('hq-gateway', 'lan0', 'tun0', 'site tunnel', packetOf(flow, true), routed('192.168.20.21', route('192.168.20.0/24', null, 'tun0'))),
        hop('branch-gateway', 'tun0', 'lan0', 'branch', packetOf(flow, true), routed('192.168.20.21', route('192.168.20.0/24', null, 'lan0'))),
        hop('till-1', 'eth0', null, null, packetOf(flow, true), delivered('192.168.20.21', 'eth0'))], 'delivered'),
    },
    findings: [],
  },
  { name: 'sites-no-route', network: sites, findings: [],
    trip: died([hop('till-1', null, null, null, syn, step('route', { kind: 'not-routed', destination: flow.destination, losers: [] }))], 'no-route') },
  { name: 'sites-unknown', network: sites, findings: [],
    trip: died([hop('till-1', null, 'eth0', 'branch', syn, routed('192.168.10.5', route('default', '192.168.20.7', 'eth0')))], 'unknown') },
  { name: 'sites', network: sites, trip: null, findings: [] },
  { name: 'single', network: network({ office: ['lan', '10.5.5.0/24'] }, [host('laptop', { eth0: ['office', '10.5.5.9/24'] })]), trip: null, findings: [] },
  { name: 'lonely', network: network({}, [host('box', {})]), trip: null, findings: [] },
  { name: 'empty', network: network({}, []), trip: null, findings: [] },
]; // prettier-ignore
