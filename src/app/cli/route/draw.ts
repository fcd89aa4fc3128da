import { buildCommand } from '@stricli/core';
import { argument, networkFlag, oneOf, serviceFlags, valued } from '../flags.ts';
import { withUsage } from './with-usage.ts';

const USAGE = '[FROM TO] [-n NETWORK] [--port N] [--format FORMAT] [-o FILE]';

/** Flags and help of `waymark draw`. */
export const draw = withUsage(
  buildCommand({
    loader: async () => (await import('../command/draw.ts')).draw,
    parameters: {
      flags: {
        network: networkFlag,
        ...serviceFlags,
        format: oneOf(['svg', 'png', 'mermaid', 'text'], 'FORMAT', 'If FILE does not say it'),
        output: valued('FILE', 'File to write: .svg, .png, .mmd or .txt; else standard output'),
      },
      aliases: { n: 'network', o: 'output' },
      positional: {
        kind: 'tuple',
        parameters: [
          { ...argument('FROM', 'Host that asks; without it the network alone'), optional: true },
          { ...argument('TO', 'Host or address that is asked'), optional: true },
        ],
      },
    },
    docs: {
      brief: 'Draw the network, and one way through it there and back',
      customUsage: [USAGE],
      fullDescription: [
        'Links are bands, hosts stand across them; the way there is solid, the way back',
        'dashed, a red cross where it dies.',
        '',
        'Example:',
        '  waymark draw laptop linux-server -n examples/office/network.yaml -o office.svg',
      ].join('\n'),
    },
  }),
  USAGE,
);
