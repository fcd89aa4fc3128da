import { buildCommand } from '@stricli/core';
import { jsonFlag, networkFlag, serviceFlags, verboseFlag } from '../flags.ts';
import { fromTo } from './from-to.ts';
import { withUsage } from './with-usage.ts';

const USAGE = 'FROM TO [-n NETWORK] [--proto PROTO] [--port N] [-v] [--json]';

/** Flags and help of `waymark explain`. */
export const explain = withUsage(
  buildCommand({
    loader: async () => (await import('../command/explain.ts')).explain,
    parameters: {
      flags: { network: networkFlag, ...serviceFlags, verbose: verboseFlag, json: jsonFlag },
      aliases: { n: 'network', v: 'verbose' },
      positional: fromTo,
    },
    docs: {
      brief: 'Say how a packet gets there and back, or where it dies',
      customUsage: [USAGE],
      fullDescription: [
        'Walks a packet from FROM to TO and its answer back, through every box, and says',
        'where and why it dies, with the line that decided it and the fixes that were',
        'proved by walking again.',
        'Exit: 0 answered, 1 not, 2 bad input, 3 something is missing.',
        '',
        'Example:',
        '  waymark explain laptop linux-server -n examples/office/network.yaml',
      ].join('\n'),
    },
  }),
  USAGE,
);
