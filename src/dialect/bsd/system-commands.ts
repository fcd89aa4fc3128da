import { formatAddress } from '../../ip/index.ts';
import { TABLE, type Route } from '../../model/index.ts';
import { netmask } from '../netmask.ts';
import { shellLine } from '../shell-words.ts';
import type { SystemCommands, TypedLines } from '../system-commands.ts';
import { addWords } from './command.ts';
import { hostnameIfRoutes, openbsdRoutes } from './openbsd.ts';
import { rcConfRoutes } from './rc-conf.ts';

const SYSCTL = { 4: 'net.inet.ip.forwarding', 6: 'net.inet6.ip6.forwarding' } as const;
const number = (on: boolean): string => (on ? '1' : '0');

/** macOS. `networksetup` keeps IPv4 routes of a network service, and takes the whole list at once. */
export const macosCommands: SystemCommands = {
  addRoute: (route, dev) => ({
    apply: [macosLine('add', route)],
    persist: keptByNetworksetup(route, dev),
    undo: [macosLine('delete', route), ...leftOut(route)],
  }),
  removeRoute: (route) => ({
    apply: [macosLine('delete', route)],
    persist: leftOut(route),
    undo: [macosLine('add', route)],
  }),
  forwarding: (family, on) => ({
    apply: [`sudo sysctl -w ${SYSCTL[family]}=${number(on)}`],
    persist: ['# macOS forgets it at its next start: run it from a LaunchDaemon (launchd.plist(5))'],
    undo: [`sudo sysctl -w ${SYSCTL[family]}=${number(!on)}`],
  }),
};

const macosLine = (verb: 'add' | 'delete', route: Route): string =>
  shellLine(['sudo', 'route', '-n', verb, ...addWords(route)]);

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
  addRoute: (route) => {
    const { add, remove } = sysrc(route);
    return { apply: [freebsdLine('add', route)], persist: add, undo: [freebsdLine('delete', route), ...remove] };
  },
  removeRoute: (route) => ({
    apply: [freebsdLine('delete', route)],
    persist: ['# take it out of static_routes in /etc/rc.conf'],
    undo: [freebsdLine('add', route)],
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

function freebsdLine(verb: 'add' | 'delete', route: Route): string {
  const fib = route.table === TABLE.main ? [] : ['-fib', String(route.table)];
  return shellLine(['route', verb, ...addWords(route), ...fib]);
}

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
  addRoute: (route, dev) => {
    const [add, remove] = openbsdLines(route);
    return {
      apply: [add],
      persist: inHostnameIf('add to', route, dev),
      undo: [remove, ...inHostnameIf('take out of', route, dev)],
    };
  },
  removeRoute: (route, dev) => {
    const [add, remove] = openbsdLines(route);
    return { apply: [remove], persist: inHostnameIf('take out of', route, dev), undo: [add] };
  },
  forwarding: (family, on): TypedLines => ({
    apply: [`sysctl ${SYSCTL[family]}=${number(on)}`],
    persist: [`# in /etc/sysctl.conf: ${SYSCTL[family]}=${number(on)}`],
    undo: [`sysctl ${SYSCTL[family]}=${number(!on)}`, `# and the same in /etc/sysctl.conf`],
  }),
};

function openbsdLines(route: Route): readonly [string, string] {
  const add = openbsdRoutes.print([route]).trimEnd();
  return [add, add.replace(' add ', ' delete ')];
}

const inHostnameIf = (what: string, route: Route, dev = 'IF'): readonly string[] => [
  `# ${what} /etc/hostname.${dev}: ${hostnameIfRoutes.print([route]).trimEnd()}`,
];
