import { buildCommand, type Command } from '@stricli/core';
import type { Cli } from '../context.ts';
import { argument, jsonFlag, offering, yes } from '../flags.ts';
import { withUsage } from './with-usage.ts';

type Loaded = typeof import('../command/route-edit.ts');

/** Seconds, 0 to 86400. Throws with words for the person, as the command line library wants it. */
export function secondsOf(value: string): number {
  const seconds = /^\d{1,5}$/.test(value) ? Number(value) : -1;
  if (seconds >= 0 && seconds <= 86_400) return seconds;
  throw new SyntaxError(`'${value}' is no number of seconds; write 0 to 86400`);
}

interface Texts {
  readonly usage: string;
  readonly brief: string;
  readonly full: readonly string[];
  readonly example: string;
}

const ROUTE_WORDS = ['default', 'via', 'dev', 'metric', 'table', 'src', 'mtu'];
const FLAGS = '[--persist] [--confirm S] [--dry-run]';

/** A command that changes one route. */
function editing(which: keyof Loaded & `route${string}`, texts: Texts): Command<Cli> {
  const usage = `${texts.usage} ${FLAGS}`;
  const command = buildCommand({
    loader: async () => (await import('../command/route-edit.ts'))[which],
    parameters: {
      flags: {
        persist: yes('Also in the files of who configures the link'),
        dryRun: yes('Print the command, and change nothing'),
        confirm: {
          kind: 'parsed',
          parse: secondsOf,
          placeholder: 'S',
          brief: 'Take it back after S seconds unless it is confirmed; 0: never',
          optional: true,
        },
        yes: yes('Do not ask'),
        json: jsonFlag,
      },
      aliases: { y: 'yes' },
      positional: {
        kind: 'array',
        parameter: offering(argument('WORDS', 'The route, in the words of ip route'), ROUTE_WORDS),
      },
    },
    docs: {
      brief: texts.brief,
      customUsage: [usage],
      fullDescription: [...texts.full, ...COMMON, '', 'Example:', `  ${texts.example}`].join('\n'),
    },
  });
  return withUsage(command, usage);
}

const COMMON = [
  'Says which traffic goes another way, asks, and prints the command that it runs.',
  'Over SSH, a change of the way to you is taken back after 60 seconds, unless you',
  'say: waymark route confirm. With --persist the route outlasts a reboot: it is',
  'also written to where the link is configured, or taken out of there (netplan,',
  'systemd-networkd, NetworkManager, ifupdown, ifcfg).',
  'Exit: 0 done, 1 not wanted, 2 nothing was done, 4 done and taken back.',
];

const VIA = 'PREFIX via GATEWAY';

/** `waymark route add`. */
export const add = editing('routeAdd', {
  usage: VIA,
  brief: 'Add a route',
  full: ['Adds a route: via, dev, metric, table, src, mtu as in ip route.'],
  example: 'waymark route add 10.67.0.0/16 via 192.168.120.254 --persist --dry-run',
});

/** `waymark route replace`. */
export const replace = editing('routeReplace', {
  usage: VIA,
  brief: 'Put a route in the place of the one that is there',
  full: ['Adds a route, in the place of one of the same prefix, table and metric.'],
  example: 'waymark route replace 10.67.0.0/16 via 192.168.120.253',
});

/** `waymark route del`. */
export const del = editing('routeDel', {
  usage: 'PREFIX [via GATEWAY]',
  brief: 'Take a route away',
  full: ['Takes a route away. When more than one fits, none is: say more of it.'],
  example: 'waymark route del 10.67.0.0/16',
});

const refusing = (
  name: string,
  which: 'routeUnreachable' | 'routeProhibit' | 'routeBlackhole',
  does: string,
): Command<Cli> =>
  editing(which, {
    usage: 'PREFIX',
    brief: does,
    full: [`${does}.`],
    example: `waymark route ${name} 198.51.100.0/24`,
  });

/** `waymark route reject`, as net-tools calls it. */
export const reject = refusing('reject', 'routeUnreachable', 'Refuse packets to a prefix: host unreachable');
/** `waymark route unreachable`. */
export const unreachable = refusing('unreachable', 'routeUnreachable', 'Refuse packets to a prefix: host unreachable');
/** `waymark route prohibit`. */
export const prohibit = refusing('prohibit', 'routeProhibit', 'Refuse packets to a prefix: prohibited');
/** `waymark route blackhole`. */
export const blackhole = refusing('blackhole', 'routeBlackhole', 'Drop packets to a prefix silently');

/** `waymark route list`. */
export const list = withUsage(
  buildCommand({
    loader: async () => (await import('../command/route-list.ts')).routeList,
    parameters: { flags: { all: yes('Those of others too'), json: jsonFlag } },
    docs: {
      brief: 'List the routes that Waymark made',
      customUsage: ['[--all] [--json]'],
      fullDescription: [
        'Lists the routes that Waymark made, in the words of ip route; on Linux they have',
        'the protocol 119, and no other does.',
        '',
        'Example:',
        '  waymark route list --all',
      ].join('\n'),
    },
  }),
  '[--all] [--json]',
);

/** `waymark route confirm`. */
export const confirm = withUsage(
  buildCommand({
    loader: async () => (await import('../command/route-confirm.ts')).routeConfirm,
    parameters: {},
    docs: {
      brief: 'Keep the change that would be taken back',
      customUsage: [''],
      fullDescription: [
        'Keeps the last change, which would else be taken back when its time is over.',
        'Exit: 0 kept, 2 none waits, 4 it was taken back already.',
        '',
        'Example:',
        '  waymark route confirm',
      ].join('\n'),
    },
  }),
  '',
);
