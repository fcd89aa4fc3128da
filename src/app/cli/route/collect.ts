import { buildCommand } from '@stricli/core';
import { argument, valued, yes } from '../flags.ts';
import { withUsage } from './with-usage.ts';

const USAGE = '[ssh://USER@HOST...] [-o FILE]';

/** Flags and help of `waymark collect`. */
export const collect = withUsage(
  buildCommand({
    loader: async () => (await import('../command/collect.ts')).collect,
    parameters: {
      flags: {
        script: yes('Print the read-only script that collects, to be run elsewhere'),
        netns: yes('Take every named network namespace of this machine as a host'),
        output: valued('FILE', 'File to write; else standard output'),
      },
      aliases: { o: 'output' },
      positional: {
        kind: 'array',
        parameter: argument('ssh://USER@HOST', 'Machines to collect from; else this one'),
      },
    },
    docs: {
      brief: 'Collect what a machine knows about its network',
      customUsage: [USAGE, '--netns [-o FILE]', '--script [-o FILE]'],
      fullDescription: [
        'Prints the facts of this machine, or of others over ssh, as a bundle: text that',
        'you can read before you pass it on. Nothing is installed there. Keys and',
        'passwords never enter it. Works without root for what needs none, and says what',
        'it could not read.',
        '',
        'Example:',
        '  waymark collect -o vpn-server.facts',
      ].join('\n'),
    },
  }),
  USAGE,
);
