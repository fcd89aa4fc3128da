import { formatAddress, formatPrefix, type Family } from '../../ip/index.ts';
import type { Route } from '../../model/index.ts';
import { reversed, type SystemCommands, type TypedLines } from '../system-commands.ts';
import type { RouteDialect } from '../route-dialect.ts';
import { iosRoutes } from './ios.ts';
import { junosRoutes } from './junos.ts';
import { edgeosRoutes, vyosRoutes } from './vyos.ts';
import { routerosRoutes } from './routeros.ts';

/** A system whose configuration is changed line by line between two commands. */
interface Mode {
  readonly begin: string;
  readonly end: string;
  readonly keep: string;
}

const lines = (language: RouteDialect, route: Route): readonly string[] =>
  language.print([route]).trimEnd().split('\n');

/** What to type in a mode for configuring, and back. */
function configured({ begin, end, keep }: Mode, add: readonly string[], remove: readonly string[]): TypedLines {
  return { apply: [begin, ...add, end], persist: [keep], undo: [begin, ...remove, end, keep] };
}

const IOS: Mode = { begin: 'configure terminal', end: 'end', keep: 'write memory' };
const VYOS: Mode = { begin: 'configure', end: 'commit', keep: 'save' };

/** Cisco IOS. */
export const iosCommands: SystemCommands = {
  addRoute: (route) => {
    const add = lines(iosRoutes, route);
    return configured(IOS, add, add.map((line) => `no ${line}`)); // prettier-ignore
  },
  removeRoute: (route) => reversed(iosCommands.addRoute(route), [IOS.keep]),
  forwarding: (family, on) => {
    const line = family === 4 ? 'ip routing' : 'ipv6 unicast-routing';
    const [add, remove] = on ? [line, `no ${line}`] : [`no ${line}`, line];
    return configured(IOS, [add], [remove]);
  },
};

/** VyOS and EdgeOS: `set` lines, taken away by their beginning. */
const vyosLike = (language: RouteDialect): SystemCommands => {
  const commands: SystemCommands = {
    addRoute: (route) => {
      const add = lines(language, route);
      return configured(VYOS, add, [`delete ${add[0]!.slice('set '.length)}`]);
    },
    removeRoute: (route) => reversed(commands.addRoute(route), [VYOS.keep]),
    forwarding: (family, on) => {
      const words = `system ${family === 4 ? 'ip' : 'ipv6'} disable-forwarding`;
      const [add, remove] = on ? ['delete', 'set'] : ['set', 'delete'];
      return configured(VYOS, [`${add} ${words}`], [`${remove} ${words}`]);
    },
  };
  return commands;
};

/** VyOS. */
export const vyosCommands = vyosLike(vyosRoutes);
/** EdgeOS. */
export const edgeosCommands = vyosLike(edgeosRoutes);

/** Junos: the commit is what keeps it. */
export const junosCommands: SystemCommands = {
  addRoute: (route) => {
    const add = lines(junosRoutes, route);
    const remove = add.map((line) => line.replace(/^set /, 'delete '));
    return {
      apply: ['configure', ...add, 'commit and-quit'],
      persist: ['# the commit keeps it'],
      undo: ['configure', ...remove, 'commit and-quit'],
    };
  },
  removeRoute: (route) => reversed(junosCommands.addRoute(route), ['# the commit keeps it']),
  forwarding: () => null,
};

/** RouterOS keeps what it is told. */
export const routerosCommands: SystemCommands = {
  addRoute: (route) => ({
    apply: lines(routerosRoutes, route),
    persist: ['# RouterOS keeps it'],
    undo: [routerosRemoval(route)],
  }),
  removeRoute: (route) => ({
    apply: [routerosRemoval(route)],
    persist: ['# RouterOS keeps it'],
    undo: lines(routerosRoutes, route),
  }),
  forwarding: (family, on) => {
    const line = (yes: boolean): string => switchOf(family, yes);
    return { apply: [line(on)], persist: ['# RouterOS keeps it'], undo: [line(!on)] };
  },
};

const switchOf = (family: Family, on: boolean): string =>
  family === 4 ? `/ip/settings/set ip-forward=${on ? 'yes' : 'no'}` : `/ipv6/settings/set forward=${on ? 'yes' : 'no'}`;

function routerosRemoval({ prefix, nexthops }: Route): string {
  const via = nexthops[0]?.via;
  const six = prefix.address.family === 6 ? 'v6' : '';
  const gateway = via ? ` gateway=${formatAddress(via)}` : '';
  return `/ip${six}/route/remove [find dst-address=${formatPrefix(prefix)}${gateway}]`;
}
