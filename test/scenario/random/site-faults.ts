import type { CauseCode } from '../../../src/diagnose/index.ts';
import type { Direction, Fault } from './faults.ts';
import { at, type Draft, type Plan } from './healthy.ts';

const host = (draft: Draft, name: string): Draft['hosts'][string] => draft.hosts[name]!;

/** Those who check sources strictly drop already what they could not answer. */
const isStrict = (p: Plan): boolean => p.sourceCheck === 1;

interface SiteFault {
  readonly name: string;
  readonly put: (draft: Draft) => void;
  readonly cause: (plan: Plan, direction: Direction) => readonly [CauseCode, string];
  readonly fits?: (plan: Plan, direction: Direction) => boolean;
  readonly healsBoth?: boolean;
}

const lacking = (name: string, put: SiteFault['put'], ...cause: readonly [CauseCode, string]): SiteFault => ({
  name,
  put,
  cause: () => cause,
});

const ALL: readonly SiteFault[] = [
  lacking('no route in the configuration', (d) => void (d.siteLines = d.siteLines.filter((l) => !l.startsWith('route'))), 'server-route-missing', 'vpn-server'),
  lacking('no client-config-dir', (d) => void (d.siteLines = d.siteLines.slice(1)), 'ccd-not-read', 'vpn-server'),
  lacking('misnamed client file', (d) => void (d.ccd = { 'branch.conf': d.ccd['branch']! }), 'ccd-not-read', 'vpn-server'),
  lacking('no iroute', (d) => void (d.ccd = {}), 'iroute-missing', 'vpn-server'),
  lacking("forwarding off on the client's gateway", (d) => void (host(d, 'branch').forwards = false), 'forwarding-off', 'branch'),
  {
    ...lacking("the client's gateway drops", (d) => void (host(d, 'branch').iptables.filter = [':FORWARD DROP']), 'forward-drop', 'branch'),
    healsBoth: false,
  },
  {
    name: "the office's router does not know the branch",
    put: (d) => void (host(d, 'router').routes = host(d, 'router').routes.filter((r) => !r.startsWith(d.plan.blocks.site))),
    cause: (p, d) =>
      d === 'out'
        ? ['no-route', 'router']
        : p.inDmz && isStrict(p)
          ? ['source-unknown-to-router', 'router']
          : ['no-return-route', 'router'],
  },
  {
    name: "the branch's router knows only the way out",
    put: (d) => void (host(d, 'branch-router').routes = host(d, 'branch-router').routes.slice(0, 1)),
    cause: (_, d) => [d === 'in' ? 'no-route' : 'no-return-route', 'branch-router'],
  },
  {
    name: 'a masquerade catches it',
    fits: (_, d) => d === 'out',
    put: (d) => {
      const known = host(d, 'branch-router').routes;
      host(d, 'branch-router').routes = known.filter((r) => !r.startsWith(d.plan.blocks.vpn));
      host(d, 'vpn-server').iptables.nat = ['-A POSTROUTING -o tun0 -j MASQUERADE'];
    },
    cause: () => ['masquerade-catches', 'vpn-server'],
    healsBoth: false,
  },
]; // prettier-ignore

/** Faults between two sites: what a LAN behind a client lacks. */
export const SITE_FAULTS: readonly Fault[] = ALL.map(({ fits = () => true, healsBoth = true, ...fault }) => ({
  ...fault,
  fits: (plan, direction) => plan.hasSite && fits(plan, direction),
  healsBoth,
  asker: 'branch-pc',
}));

/** The client's kernel lost a route that the server pushes. */
export const LOST_ROUTE: Fault = {
  name: 'the laptop lost its route',
  fits: (plan) => plan.family === 4,
  put: (draft) => {
    const laptop = host(draft, 'laptop');
    delete laptop.openvpn;
    laptop.interfaces = { tun0: `${at(draft.plan.blocks.vpn, 200)}/${draft.plan.blocks.vpn.split('/')[1]!}` };
  },
  cause: () => ['route-not-installed', 'laptop'],
  healsBoth: true,
};
