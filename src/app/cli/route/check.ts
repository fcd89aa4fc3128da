import { buildCommand } from '@stricli/core';
import { jsonFlag, networkFlag, verboseFlag } from '../flags.ts';
import { withUsage } from './with-usage.ts';

const USAGE = '[-n NETWORK] [-v] [--json]';

/** Flags and help of `waymark check`. */
export const check = withUsage(
  buildCommand({
    loader: async () => (await import('../command/check.ts')).check,
    parameters: {
      flags: { network: networkFlag, verbose: verboseFlag, json: jsonFlag },
      aliases: { n: 'network', v: 'verbose' },
    },
    docs: {
      brief: 'Check what the network file expects to work, and not to work',
      customUsage: [USAGE],
      fullDescription: [
        'Prints a line for each expectation of the network file, and the findings behind',
        'those that fail.',
        'Exit: 0 all hold, 1 one does not, 2 bad input, 3 something is missing.',
        '',
        'Example:',
        '  waymark check -n examples/office-fixed/network.yaml',
      ].join('\n'),
    },
  }),
  USAGE,
);
