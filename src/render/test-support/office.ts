import type { Finding, Fix } from '../../diagnose/index.ts';
import type { Change, Network } from '../../model/index.ts';
import type { RoundTrip, Step, Trace } from '../../trace/index.ts';
import { address, delivered, hop, host, network, packetOf, ping, route, routed, step, trace } from './build.ts';

const laptopRoute = route('10.5.5.0/24', '10.8.0.1', 'tun0', 'laptop.facts', 31);
const officeRoute = route('10.5.5.0/24', null, 'eth0', 'vpn-server.facts', 40);
const targetDefault = route('default', '10.5.5.1', 'eth0', 'network.yaml', 9);
const routerDefault = route('default', '203.0.113.254', 'eth1', 'network.yaml', 7);
const routerOffice = route('10.5.5.0/24', null, 'eth0', 'network.yaml', 7);
const missing = { ...route('10.8.0.0/24', '10.5.5.5', 'eth0', 'proposed change', 0), protocol: 'boot' };

/** The office of the design: the router does not know the VPN's network. */
export const office: Network = network(
  { vpn: ['tunnel', '10.8.0.0/24'], office: ['lan', '10.5.5.0/24'], internet: ['internet'] },
  [
    host('vpn-server', { eth0: ['office', '10.5.5.5/24'], tun0: ['vpn', '10.8.0.1/24'] }, [officeRoute]),
    host('router', { eth0: ['office', '10.5.5.1/24'], eth1: ['internet', '203.0.113.1/24'] }, [
      routerOffice,
      routerDefault,
    ]),
    host('linux-server', { eth0: ['office', '10.5.5.20/24'] }, [targetDefault]),
    host('laptop', { wlan0: ['internet', '198.51.100.7/24'], tun0: ['vpn', '10.8.0.6/24'] }, [laptopRoute]),
  ],
);

const flow = ping('10.8.0.6', '10.5.5.20');
const go = packetOf(flow, false);
const back = packetOf(flow, true);

const sent = (dev: string, link: string, to: string): Step =>
  step('link', { kind: 'sent', dev, link, to: address(to) });

/** Laptop, VPN server, Linux server. */
export const officeThere: Trace = trace(
  [
    hop('laptop', null, 'tun0', 'vpn', go, routed('10.5.5.20', laptopRoute),
      step('tunnel', { kind: 'tunnelled', tunnel: 'vpn', to: 'vpn-server', by: 'server' })),
    hop('vpn-server', 'tun0', 'eth0', 'office', go,
      step('forwarding', { kind: 'forwarding-checked', on: true, dev: 'tun0' }, { source: 'vpn-server.facts', line: 12, text: 'net.ipv4.ip_forward = 1' }),
      routed('10.5.5.20', officeRoute), sent('eth0', 'office', '10.5.5.20')),
    hop('linux-server', 'eth0', null, null, { ...go, ttl: 63 }, delivered('10.5.5.20', 'eth0')),
  ],
  'delivered',
); // prettier-ignore

const dropped = step('link', {
  kind: 'internet-dropped',
  link: 'internet',
  address: address('10.8.0.6'),
  which: 'destination',
});

const backStart = hop(
  'linux-server',
  null,
  'eth0',
  'office',
  back,
  routed('10.8.0.6', targetDefault),
  sent('eth0', 'office', '10.5.5.1'),
);

/** The answer dies behind the router. */
export const officeLost: RoundTrip = {
  flow, from: 'laptop', to: 'linux-server', verdict: 'no-answer', sees: { kind: 'timeout' },
  forward: officeThere,
  return: trace([backStart, hop('router', 'eth0', 'eth1', 'internet', back, routed('10.8.0.6', routerDefault), dropped)], 'private-on-internet'),
  third: null, fourth: null, learnt: [], secondTry: null, otherwise: [], unwalked: false, uncertain: [],
}; // prettier-ignore

/** With the route added on the router. */
export const officeAnswered: RoundTrip = {
  ...officeLost,
  verdict: 'answered',
  sees: { kind: 'reply', from: address('10.5.5.20') },
  return: trace(
    [
      backStart,
      hop('router', 'eth0', 'eth0', 'office', back, routed('10.8.0.6', missing),
        step('redirect', { kind: 'redirect-sent', to: address('10.5.5.20'), destination: address('10.8.0.6'), gateway: address('10.5.5.5') })),
      hop('vpn-server', 'eth0', 'tun0', 'vpn', back, routed('10.8.0.6', route('10.8.0.0/24', null, 'tun0')),
        step('tunnel', { kind: 'tunnelled', tunnel: 'vpn', to: 'laptop', by: 'client-address' })),
      hop('laptop', 'tun0', null, null, back, delivered('10.8.0.6', 'tun0')),
    ],
    'delivered',
  ),
}; // prettier-ignore

const addRoute = (on: string, by: 'hand' | 'dhcp' = 'hand'): Change => ({
  kind: 'add-route',
  host: on,
  route: missing,
  by,
});

const fix = (kind: Fix['kind'], on: string, changes: readonly Change[], details: Partial<Fix['details']> = {}): Fix => ({
  kind, host: on, parts: kind === 'combined' ? [] : [{ kind, host: on }], changes, proved: true, opens: [{ from: 'laptop', to: 'router', protocol: 'icmp', port: 0 }], closes: [],
  details: { keepsClientAddress: true, lanReachesClient: true, hairpin: false, statefulRouter: false, ...details },
}); // prettier-ignore

const masqueradeRule: Change = {
  kind: 'add-rule',
  host: 'vpn-server',
  place: { family: 'ip', table: 'nat', chain: 'POSTROUTING', index: 0 },
  newTable: {
    family: 'ip', name: 'nat', engine: 'iptables', sets: new Map(),
    chains: new Map([['POSTROUTING', {
      name: 'POSTROUTING', hook: { hook: 'postrouting', type: 'nat', priority: 100, policy: 'accept' }, rules: [],
      fact: { source: 'proposed change', line: 0, text: '' },
    }]]),
  },
  rule: {
    statements: [
      { kind: 'match', left: { kind: 'field', field: 'ip.saddr' }, op: '==', right: { kind: 'address', address: address('10.8.0.6') } },
      { kind: 'match', left: { kind: 'meta', key: 'oifname' }, op: '==', right: { kind: 'text', text: 'eth0' } },
      { kind: 'masquerade' },
    ],
    fact: { source: 'proposed change', line: 0, text: '-s 10.8.0.6 -o eth0 -j MASQUERADE' },
  },
}; // prettier-ignore

/** What diagnosis says of `officeLost`. */
export const officeFindings: readonly Finding[] = [
  {
    cause: 'no-return-route',
    host: 'router',
    evidence: [{ source: 'network.yaml', line: 7, text: 'default via 203.0.113.254' }],
    params: { network: '10.8.0.0/24', via: '203.0.113.254' },
    fixes: [
      fix('route-on-router', 'router', [addRoute('router')], { hairpin: true }),
      fix('route-on-target', 'linux-server', [addRoute('linux-server')]),
      fix('masquerade', 'vpn-server', [masqueradeRule], { keepsClientAddress: false, lanReachesClient: false }),
    ],
  },
];
