import { buildCommand, buildRouteMap } from '@stricli/core';
import { argument, jsonFlag, networkFlag } from '../flags.ts';
import { withUsage } from './with-usage.ts';

const network = { flags: { network: networkFlag }, aliases: { n: 'network' } } as const;
const described = (text: string, example: string): string => `${text}\n\nExample:\n  ${example}`;

const up = withUsage(
  buildCommand({
    loader: async () => (await import('../command/lab.ts')).labUp,
    parameters: network,
    docs: {
      brief: 'Build the network of real namespaces on this machine',
      customUsage: ['[-n NETWORK]'],
      fullDescription: described(
        'Builds the network of real namespaces on this machine, OpenVPN included.',
        'waymark lab up -n examples/office/network.yaml',
      ),
    },
  }),
  '[-n NETWORK]',
);

const exec = withUsage(
  buildCommand({
    loader: async () => (await import('../command/lab.ts')).labExec,
    parameters: {
      ...network,
      positional: {
        kind: 'array',
        parameter: { ...argument('HOST', 'Host, then the command to run there'), optional: true },
      },
    },
    docs: {
      brief: 'Run a command on a host of the lab',
      customUsage: ['[-n NETWORK] HOST -- COMMAND...'],
      fullDescription: described(
        'Runs a command on a host of the lab, on this terminal: bash gives a shell there.',
        'waymark lab exec -n examples/office/network.yaml laptop -- ping -c1 10.5.5.20',
      ),
    },
  }),
  '[-n NETWORK] HOST -- COMMAND...',
);

const test = withUsage(
  buildCommand({
    loader: async () => (await import('../command/lab.ts')).labTest,
    parameters: { flags: { network: networkFlag, json: jsonFlag }, aliases: { n: 'network' } },
    docs: {
      brief: 'Try every expectation for real and compare with the trace',
      customUsage: ['[-n NETWORK] [--json]'],
      fullDescription: described(
        'Builds the lab if it is not up, probes every expectation and compares with the\ntrace.',
        'waymark lab test -n examples/office/network.yaml',
      ),
    },
  }),
  '[-n NETWORK] [--json]',
);

const down = withUsage(
  buildCommand({
    loader: async () => (await import('../command/lab.ts')).labDown,
    parameters: network,
    docs: {
      brief: 'Remove the lab',
      customUsage: ['[-n NETWORK]'],
      fullDescription: described(
        'Removes the lab: namespaces, processes and files.',
        'waymark lab down -n examples/office/network.yaml',
      ),
    },
  }),
  '[-n NETWORK]',
);

/** Flags and help of `waymark lab`. */
export const lab = buildRouteMap({
  routes: { up, exec, test, down },
  docs: {
    brief: 'The network made of real namespaces: build, try, remove',
    fullDescription: described(
      'The network made of real namespaces on this machine: build, try, remove.',
      'waymark lab test -n examples/office/network.yaml',
    ),
  },
});
