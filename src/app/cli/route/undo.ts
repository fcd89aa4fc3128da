import { buildCommand } from '@stricli/core';
import { yes } from '../flags.ts';
import { secondsOf } from './route-edit.ts';
import { withUsage } from './with-usage.ts';

const USAGE = '[NUMBER] [--list] [-y]';

/** The number of a change. Throws with words for the person, as the command line library wants it. */
function numberOf(value: string): number {
  if (/^[1-9]\d{0,8}$/.test(value)) return Number(value);
  throw new SyntaxError(`'${value}' is no number of a change`);
}

/** Flags and help of `waymark undo`. */
export const undo = withUsage(
  buildCommand({
    loader: async () => (await import('../command/undo.ts')).undo,
    parameters: {
      flags: {
        list: yes('List the last changes instead'),
        yes: yes('Also where somebody else changed it since'),
        unconfirmed: yes('Only if nobody confirms it, as the watchdog does'),
        after: {
          kind: 'parsed',
          parse: secondsOf,
          placeholder: 'S',
          brief: 'Wait so many seconds first',
          optional: true,
        },
      },
      aliases: { y: 'yes' },
      positional: {
        kind: 'tuple',
        parameters: [
          { parse: numberOf, placeholder: 'NUMBER', brief: 'Which change; the last one when not said', optional: true },
        ],
      },
    },
    docs: {
      brief: 'Take a change of routes back',
      customUsage: [USAGE],
      fullDescription: [
        'Takes the last change of routes back, or the one of that number, from the',
        'journal in /var/lib/waymark/changes, and prints the commands that it runs.',
        'Exit: 0 it is back, 2 it is not.',
        '',
        'Example:',
        '  waymark undo --list',
      ].join('\n'),
    },
  }),
  USAGE,
);
