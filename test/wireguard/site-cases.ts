import type { Variant } from './site.ts';

/** A site, who pings whom in it, in order, and how that ends. */
export interface SiteCase extends Variant {
  readonly name: string;
  /** Who reaches whom once the first fix is applied. */
  readonly heals?: readonly [from: string, to: string];
  /** From, to, and what the person sees: `answered`, `timeout`, an errno, or `TYPE/CODE from ADDRESS` of ICMP. */
  readonly pings: readonly (readonly [from: string, to: string, sees: string])[];
}

const HUB_FILTER = ['*filter', '-A INPUT -p udp --dport 51820 -j DROP', 'COMMIT'];

/** Sites with WireGuard, each with one thing wrong but the first. */
export const SITE_CASES: readonly SiteCase[] = [
  {
    name: 'all is well',
    routes: { cafe: ['10.99.0.3 via 192.168.77.5'] },
    pings: [
      // nobody knows yet where the telephone is
      ['hub', '10.99.0.3', 'EDESTADDRREQ'],
      ['server', '10.99.0.3', '3/1 from 10.1.0.1'],
      ['hub', '10.99.0.77', 'ENOKEY'],
      ['server', '10.99.0.77', '3/1 from 10.1.0.1'],
      ['printer', '10.1.0.20', 'answered'],
      ['server', '10.2.0.20', 'answered'],
      ['branch', '10.99.0.1', 'answered'],
      ['phone', '10.1.0.20', 'answered'],
      ['phone', '10.2.0.20', 'answered'],
      // its own network is not led into the tunnel, and nobody there may speak to the tunnel's address
      ['phone', '192.168.77.1', 'answered'],
      ['cafe', '10.99.0.3', 'timeout'],
    ],
  },
  {
    name: 'the hub lacks the network of the shop',
    heals: ['server', '10.2.0.20'],
    edit: (files) => (files.hub = files.hub.replace(', 10.2.0.0/24', '')),
    pings: [
      ['printer', '10.1.0.20', 'timeout'],
      ['branch', '10.1.0.20', 'answered'],
      ['server', '10.2.0.20', 'timeout'],
    ],
  },
  {
    name: 'the branch lacks the network of the office',
    heals: ['printer', '10.1.0.20'],
    edit: (files) => (files.branch = files.branch.replace(', 10.1.0.0/24', '')),
    pings: [
      ['server', '10.2.0.20', 'timeout'],
      ['hub', '10.2.0.20', 'answered'],
      ['printer', '10.1.0.20', 'timeout'],
    ],
  },
  {
    name: 'the branch has a route, and no allowed IP',
    edit: (files) => (files.branch = files.branch.replace(', 10.1.0.0/24', '')),
    routes: { branch: ['10.1.0.0/24 dev wg0'] },
    pings: [
      ['branch', '10.1.0.20', 'ENOKEY'],
      ['printer', '10.1.0.20', '3/1 from 10.2.0.1'],
    ],
  },
  {
    name: 'the network of the shop is moved to the telephone',
    heals: ['printer', '10.1.0.20'],
    edit: (files) => (files.hub = files.hub.replace('10.99.0.3/32', '10.99.0.3/32, 10.2.0.0/24')),
    pings: [
      ['server', '10.2.0.20', '3/1 from 10.1.0.1'],
      ['hub', '10.2.0.20', 'EDESTADDRREQ'],
      ['printer', '10.1.0.20', 'timeout'],
      ['branch', '10.1.0.20', 'answered'],
    ],
  },
  {
    name: 'a firewall keeps the handshake out',
    rules: { hub: HUB_FILTER },
    pings: [
      ['branch', '10.99.0.1', 'timeout'],
      ['printer', '10.1.0.20', 'timeout'],
    ],
  },
  {
    name: 'the hub does not know the branch',
    edit: (files) => (files.hub = files.hub.replace(/\[Peer\][^[]*/, '')),
    pings: [['branch', '10.99.0.1', 'timeout']],
  },
  {
    name: 'the endpoint has another port',
    edit: (files) => (files.branch = files.branch.replace(':51820', ':51821')),
    pings: [['printer', '10.1.0.20', 'timeout']],
  },
  {
    name: 'the endpoint is led into the tunnel itself',
    edit: (files) => (files.branch = files.branch.replace('10.1.0.0/24', '10.1.0.0/24, 198.51.100.0/24')),
    pings: [['printer', '10.1.0.20', 'timeout']],
  },
];
