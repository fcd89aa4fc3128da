import { buildCommand } from '@stricli/core';
import { jsonFlag, networkFlag, serviceFlags, valued, verboseFlag, yes } from '../flags.ts';
import { fromTo } from './from-to.ts';
import { withUsage } from './with-usage.ts';

const USAGE = 'FROM TO [-n NETWORK] [--port N] [--all] [--write DIR] [--json]';

/** Flags and help of `waymark fix`. */
export const fix = withUsage(
  buildCommand({
    loader: async () => (await import('../command/fix.ts')).fix,
    parameters: {
      flags: {
        network: networkFlag,
        ...serviceFlags,
        all: yes('Print every fix, not only the best'),
        write: valued('DIR', 'Write the best fix as scripts, one a box, into this folder'),
        verbose: verboseFlag,
        json: jsonFlag,
      },
      aliases: { n: 'network', v: 'verbose' },
      positional: fromTo,
    },
    docs: {
      brief: 'Print what to do, on which box, in its own language',
      customUsage: [USAGE],
      fullDescription: [
        'Prints the smallest proved fix: commands for now, for good, and to take it back.',
        'It changes nothing.',
        'Exit: 0 nothing to mend, 1 there is, 2 bad input, 3 something is missing.',
        '',
        'Example:',
        '  waymark fix laptop linux-server -n examples/office/network.yaml',
      ].join('\n'),
    },
  }),
  USAGE,
);
