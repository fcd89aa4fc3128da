import type { CauseCode } from '../../../src/diagnose/index.ts';
import { at, discovery, type Draft, type Plan } from './healthy.ts';

/** Who asks whom: the client the target, or the other way round. */
export type Direction = 'in' | 'out';

/** A fault of a known kind. */
export interface Fault {
  readonly name: string;
  /** Where it can be put in, and would be felt. */
  readonly fits: (plan: Plan, direction: Direction) => boolean;
  readonly put: (draft: Draft) => void;
  readonly cause: (plan: Plan, direction: Direction) => readonly [CauseCode, string];
  /** The other direction is healed by the first fix too: not so where only what was asked is let through. */
  readonly healsBoth: boolean;
  /** Who asks the target; the laptop where nothing is said. */
  readonly asker?: 'branch-pc';
}

const always = (): boolean => true;
const host = (draft: Draft, name: string): Draft['hosts'][string] => draft.hosts[name]!;
const routes = (draft: Draft, name: string, ...more: string[]): void => {
  host(draft, name).routes = host(draft, name)
    .routes.filter((r) => !r.includes(draft.plan.blocks.vpn))
    .concat(more);
};
const STATES = '-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT';
const isStrict = (p: Plan): boolean => p.family === 4 && p.inDmz && p.sourceCheck === 1;

/** What the router lacks: named by the check of the source where that drops the question already. */
const unknownToRouter = (p: Plan, d: Direction): readonly [CauseCode, string] =>
  d === 'out'
    ? ['no-route', 'router']
    : isStrict(p)
      ? ['source-unknown-to-router', 'router']
      : ['no-return-route', 'router'];

/** Every kind of fault. */
export const FAULTS: readonly Fault[] = [
  { name: 'no return route', fits: always, put: (d) => routes(d, 'router'), cause: unknownToRouter, healsBoth: true },
  {
    name: 'no push',
    fits: always,
    put: (d) => d.pushes.splice(0),
    cause: (_, d) => (d === 'in' ? ['client-has-no-route', 'laptop'] : ['no-return-route', 'laptop']),
    healsBoth: true,
  },
  ...['vpn-server', 'router'].map((name): Fault => ({
    name: `forwarding off on ${name}`,
    fits: always,
    put: (d) => void (host(d, name).forwards = false),
    cause: () => ['forwarding-off', name],
    healsBoth: true,
  })),
  ...['tun0', 'eth0'].map((dev): Fault => ({
    name: `forwarding off for ${dev}`,
    fits: (p) => p.family === 4,
    put: (d) => void (host(d, 'vpn-server').settings[`net.ipv4.conf.${dev}.forwarding`] = 0),
    cause: () => ['forwarding-off', 'vpn-server'],
    healsBoth: true,
  })),
  {
    name: 'FORWARD drops',
    fits: always,
    put: (d) => void (host(d, 'vpn-server').iptables.filter = [':FORWARD DROP', STATES]),
    cause: () => ['forward-drop', 'vpn-server'],
    healsBoth: false,
  },
  {
    name: 'FORWARD drops without any rule',
    fits: always,
    put: (d) => void (host(d, 'vpn-server').iptables.filter = [':FORWARD DROP']),
    cause: () => ['forward-drop', 'vpn-server'],
    healsBoth: false,
  },
  {
    name: 'FORWARD rejects',
    fits: always,
    put: (d) => void (host(d, 'vpn-server').iptables.filter = [STATES, '-A FORWARD -j REJECT']),
    cause: () => ['forward-reject', 'vpn-server'],
    healsBoth: false,
  },
  {
    name: 'firewall of the target',
    fits: (_, d) => d === 'in',
    put: (d) => {
      const own = d.plan.inDmz ? d.plan.blocks.dmz : d.plan.blocks.office;
      host(d, 'target').iptables.filter = [
        ':INPUT DROP',
        STATES.replace('FORWARD', 'INPUT'),
        ...discovery(d.plan),
        `-A INPUT -s ${own} -j ACCEPT`,
      ];
    },
    cause: () => ['target-firewall', 'target'],
    healsBoth: true,
  },
  {
    name: 'no neighbour discovery on the target',
    fits: (p) => p.family === 6,
    put: (d) =>
      void (host(d, 'target').iptables.filter = discovery(d.plan).map((rule) => rule.replace('ACCEPT', 'DROP'))),
    cause: () => ['neighbour-discovery-filtered', 'target'],
    healsBoth: true,
  },
  {
    name: 'firewall of the laptop',
    fits: (_, d) => d === 'out',
    put: (d) =>
      void (host(d, 'laptop').iptables.filter = [
        ':INPUT DROP',
        STATES.replace('FORWARD', 'INPUT'),
        ...discovery(d.plan),
      ]),
    cause: () => ['target-firewall', 'laptop'],
    healsBoth: true,
  },
  {
    name: 'the laptop sends nothing there',
    fits: (_, d) => d === 'in',
    put: (d) => void (host(d, 'laptop').iptables.filter = ['-A OUTPUT -o tun0 -j DROP']),
    cause: () => ['target-firewall', 'laptop'],
    healsBoth: false,
  },
  {
    name: 'target without gateway',
    fits: always,
    put: (d) => void (host(d, 'target').routes = []),
    cause: (_, d) => [d === 'in' ? 'target-no-gateway' : 'no-route', 'target'],
    healsBoth: true,
  },
  {
    name: 'dead gateway of the target',
    fits: always,
    put: (d) =>
      void (host(d, 'target').routes = [
        `default via ${at(d.plan.inDmz ? d.plan.blocks.dmz : d.plan.blocks.office, 99)}`,
      ]),
    cause: () => ['dead-next-hop', 'target'],
    healsBoth: true,
  },
  {
    name: 'dead next hop on the router',
    fits: always,
    put: (d) => routes(d, 'router', `${d.plan.blocks.vpn} via ${at(d.plan.blocks.office, 99)}`),
    cause: () => ['dead-next-hop', 'router'],
    healsBoth: true,
  },
  {
    name: 'wrong next hop on the router',
    fits: always,
    put: (d) => routes(d, 'router', `${d.plan.blocks.vpn} via ${at(d.plan.blocks.office, 30)}`),
    cause: () => ['wrong-next-hop', 'router'],
    healsBoth: true,
  },
  ...['blackhole', 'unreachable', 'prohibit'].map((kind): Fault => ({
    name: `${kind} on the router`,
    fits: always,
    put: (d) => routes(d, 'router', `${kind} ${d.plan.blocks.vpn}`),
    cause: () => ['blackhole-route', 'router'],
    healsBoth: true,
  })),
  {
    name: 'blackhole on the VPN server',
    fits: always,
    put: (d) =>
      void host(d, 'vpn-server').routes.push(
        `blackhole ${at(d.plan.inDmz ? d.plan.blocks.dmz : d.plan.blocks.office, 20)}`,
      ),
    cause: () => ['blackhole-route', 'vpn-server'],
    healsBoth: true,
  },
  {
    name: 'stateful router',
    fits: (p, d) => !p.inDmz && d === 'in',
    put: (d) => void (host(d, 'router').iptables.filter = ['-A FORWARD -m conntrack --ctstate INVALID -j DROP']),
    cause: () => ['stateful-half-flow', 'router'],
    healsBoth: true,
  },
  {
    name: 'another gateway of the target',
    fits: (p) => !p.inDmz,
    put: (d) => {
      const { dmz } = d.plan.blocks;
      d.networks['dmz'] = dmz;
      host(d, 'target').on['dmz'] = at(dmz, 20);
      host(d, 'target').routes = [`default via ${at(dmz, 1)}`];
      const [, internet] = Object.entries(host(d, 'router').on).find(([n]) => n === 'internet')!;
      const uplink = internet.replace(/1$/, '9');
      d.hosts['dmz-router'] = {
        ...host(d, 'router'),
        on: { dmz: at(dmz, 1), internet: uplink },
        routes: [host(d, 'router').routes[0]!],
        settings: {},
      };
    },
    cause: (_, d) => (d === 'in' ? ['target-other-gateway', 'target'] : ['no-route', 'target']),
    healsBoth: true,
  },
  {
    name: 'policy rule on the router',
    fits: (p, d) => d === 'out' || !isStrict(p),
    put: (d) => {
      const { plan } = d;
      host(d, 'router').routes.push(`${host(d, 'router').routes[0]!} table 100`);
      host(d, 'router').rules.push(`from ${plan.inDmz ? plan.blocks.dmz : plan.blocks.office} lookup 100 priority 100`);
      if (plan.inDmz) host(d, 'router').routes.push(`${plan.blocks.office} dev eth0 table 100`);
    },
    cause: () => ['policy-route', 'router'],
    healsBoth: true,
  },
];
