import { formatAddress } from '../../ip/index.ts';
import type { Route } from '../../model/index.ts';
import { netmask } from '../netmask.ts';
import { shellLine } from '../shell-words.ts';
import type { SaidRoute, SystemCommands, TypedLines } from '../system-commands.ts';
import { hostnameIfRoutes } from './openbsd.ts';
import { rcConfRoutes } from './rc-conf.ts';

const SYSCTL = { 4: 'net.inet.ip.forwarding', 6: 'net.inet6.ip6.forwarding' } as const;
const number = (on: boolean): string => (on ? '1' : '0');

/** macOS. `networksetup` keeps IPv4 routes of a network service, and takes the whole list at once. */
export const macosCommands: SystemCommands = {
  addRoute: ({ route, add, remove, dev }) => ({
    apply: add,
    persist: keptByNetworksetup(route, dev),
    undo: [...remove, ...leftOut(route)],
  }),
  removeRoute: ({ route, add, remove }) => ({ apply: remove, persist: leftOut(route), undo: add }),
  forwarding: (family, on) => ({
    apply: [`sudo sysctl -w ${SYSCTL[family]}=${number(on)}`],
    persist: ['# macOS forgets it at its next start: run it from a LaunchDaemon (launchd.plist(5))'],
    undo: [`sudo sysctl -w ${SYSCTL[family]}=${number(!on)}`],
  }),
};

const LIST = `sudo networksetup -setadditionalroutes SERVICE $(networksetup -getadditionalroutes SERVICE | grep '^[0-9]'`;

/** Three words of networksetup; undefined for what it cannot keep. */
function triple({ prefix, nexthops }: Route): string | undefined {
  const via = nexthops[0]?.via;
  if (prefix.address.family === 6 || prefix.length === 0 || !via) return undefined;
  return `${formatAddress(prefix.address)} ${netmask(prefix)} ${formatAddress(via)}`;
}

function keptByNetworksetup(route: Route, dev = 'the interface'): readonly string[] {
  const words = triple(route);
  return words === undefined
    ? ['# networksetup cannot keep it: run the command from a LaunchDaemon (launchd.plist(5))']
    : [`# SERVICE is the name that 'networksetup -listnetworkserviceorder' has for ${dev}`, `${LIST}) ${words}`];
}

function leftOut(route: Route): readonly string[] {
  const words = triple(route);
  return words === undefined ? [] : [`# where it was kept: ${LIST} | grep -v '^${words}$')`];
}

/** FreeBSD; sysrc(8) writes /etc/rc.conf. */
export const freebsdCommands: SystemCommands = {
  addRoute: ({ route, add, remove }) => {
    const kept = sysrc(route);
    return { apply: add, persist: kept.add, undo: [...remove, ...kept.remove] };
  },
  removeRoute: ({ add, remove }) => ({
    apply: remove,
    persist: ['# take it out of static_routes in /etc/rc.conf'],
    undo: add,
  }),
  forwarding: (family, on) => {
    const variable = family === 4 ? 'gateway_enable' : 'ipv6_gateway_enable';
    const line = (yes: boolean): string => `sysrc ${variable}=${yes ? 'YES' : 'NO'}`;
    return {
      apply: [`sysctl ${SYSCTL[family]}=${number(on)}`],
      persist: [line(on)],
      undo: [`sysctl ${SYSCTL[family]}=${number(!on)}`, line(!on)],
    };
  },
};

/** The variables of rc.conf as commands. */
function sysrc(route: Route): { readonly add: readonly string[]; readonly remove: readonly string[] } {
  const [list = '', variable = ''] = rcConfRoutes.print([route]).trimEnd().split('\n');
  const [, names, name] = /^(\w+)="(\w+)"$/.exec(list) ?? [];
  return {
    add: [shellLine(['sysrc', `${names}+=${name}`]), `sysrc ${variable}`],
    remove: [shellLine(['sysrc', `${names}-=${name}`]), `sysrc -x ${variable.split('=')[0]!}`],
  };
}

/** OpenBSD; what stands in /etc/hostname.IF runs when the interface comes up. */
export const openbsdCommands: SystemCommands = {
  addRoute: (said) => ({
    apply: said.add,
    persist: inHostnameIf('add to', said),
    undo: [...said.remove, ...inHostnameIf('take out of', said)],
  }),
  removeRoute: (said) => ({ apply: said.remove, persist: inHostnameIf('take out of', said), undo: said.add }),
  forwarding: (family, on): TypedLines => ({
    apply: [`sysctl ${SYSCTL[family]}=${number(on)}`],
    persist: [`# in /etc/sysctl.conf: ${SYSCTL[family]}=${number(on)}`],
    undo: [`sysctl ${SYSCTL[family]}=${number(!on)}`, `# and the same in /etc/sysctl.conf`],
  }),
};

const inHostnameIf = (what: string, { route, dev = 'IF' }: SaidRoute): readonly string[] => [
  `# ${what} /etc/hostname.${dev}: ${hostnameIfRoutes.print([route]).trimEnd()}`,
];
