import type { Family } from '../../ip/index.ts';
import type { SystemCommands, TypedLines } from '../system-commands.ts';

/** A system whose configuration is changed line by line between two commands. */
interface Mode {
  readonly begin: string;
  readonly end: string;
  readonly keep: string;
}

/** What to type in a mode for configuring, and back. */
function configured({ begin, end, keep }: Mode, add: readonly string[], remove: readonly string[]): TypedLines {
  return { apply: [begin, ...add, end], persist: [keep], undo: [begin, ...remove, end, keep] };
}

const IOS: Mode = { begin: 'configure terminal', end: 'end', keep: 'write memory' };
const VYOS: Mode = { begin: 'configure', end: 'commit', keep: 'save' };

/** Cisco IOS. */
export const iosCommands: SystemCommands = {
  addRoute: ({ add, remove }) => configured(IOS, add, remove),
  removeRoute: ({ add, remove }) => configured(IOS, remove, add),
  forwarding: (family, on) => {
    const line = family === 4 ? 'ip routing' : 'ipv6 unicast-routing';
    const [add, remove] = on ? [line, `no ${line}`] : [`no ${line}`, line];
    return configured(IOS, [add], [remove]);
  },
};

/** VyOS and EdgeOS. */
export const vyosCommands: SystemCommands = {
  addRoute: ({ add, remove }) => configured(VYOS, add, remove),
  removeRoute: ({ add, remove }) => configured(VYOS, remove, add),
  forwarding: (family, on) => {
    const words = `system ${family === 4 ? 'ip' : 'ipv6'} disable-forwarding`;
    const [add, remove] = on ? ['delete', 'set'] : ['set', 'delete'];
    return configured(VYOS, [`${add} ${words}`], [`${remove} ${words}`]);
  },
};

const committed = (lines: readonly string[]): readonly string[] => ['configure', ...lines, 'commit and-quit'];

/** Junos: the commit is what keeps it. */
export const junosCommands: SystemCommands = {
  addRoute: ({ add, remove }) => ({ apply: committed(add), persist: COMMITTED, undo: committed(remove) }),
  removeRoute: ({ add, remove }) => ({ apply: committed(remove), persist: COMMITTED, undo: committed(add) }),
  forwarding: () => null,
};

const COMMITTED = ['# the commit keeps it'];

/** RouterOS keeps what it is told. */
export const routerosCommands: SystemCommands = {
  addRoute: ({ add, remove }) => ({ apply: add, persist: KEPT, undo: remove }),
  removeRoute: ({ add, remove }) => ({ apply: remove, persist: KEPT, undo: add }),
  forwarding: (family, on) => ({ apply: [switchOf(family, on)], persist: KEPT, undo: [switchOf(family, !on)] }),
};

const KEPT = ['# RouterOS keeps it'];

const switchOf = (family: Family, on: boolean): string =>
  family === 4 ? `/ip/settings/set ip-forward=${on ? 'yes' : 'no'}` : `/ipv6/settings/set forward=${on ? 'yes' : 'no'}`;
