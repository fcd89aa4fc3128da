import { buildCommand } from '@stricli/core';
import { argument, jsonFlag, networkFlag, offering, valued, verboseFlag } from '../flags.ts';
import { withUsage } from './with-usage.ts';

const USAGE = 'ADDRESS [from A] [iif DEV] [mark M] [-n NETWORK] [--host H]';

/** Flags and help of `waymark route why`. */
export const why = withUsage(
  buildCommand({
    loader: async () => (await import('../command/route-why.ts')).routeWhy,
    parameters: {
      flags: {
        network: networkFlag,
        host: valued('H', 'Host of the network that is asked'),
        verbose: verboseFlag,
        json: jsonFlag,
      },
      aliases: { n: 'network', v: 'verbose' },
      positional: {
        kind: 'array',
        parameter: offering(argument('ADDRESS', 'Address, then what is known of the packet: from A'), [
          'from',
          'iif',
          'mark',
          'tos',
          'ipproto',
          'sport',
          'dport',
        ]),
      },
    },
    docs: {
      brief: 'Say which route a packet takes, which lost, and why',
      customUsage: [USAGE],
      fullDescription: [
        'Says which route, rule and table decide about a packet on this machine, which',
        'came close and lost, and why, as the kernel decides it. What is known of the',
        'packet is said in the words of ip route get: from ADDRESS, iif DEV (or in DEV),',
        'mark M, tos T, ipproto tcp, sport N, dport N.',
        'Exit: 0 it has a way, 1 it has none, 2 bad input.',
        '',
        'Example:',
        '  waymark route why 10.5.5.20 --host laptop -n examples/office/network.yaml',
      ].join('\n'),
    },
  }),
  USAGE,
);
