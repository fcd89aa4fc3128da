import { buildApplication, buildCommand, buildRouteMap, type Application } from '@stricli/core';
import packageFile from '../../../package.json' with { type: 'json' };
import type { Cli } from './context.ts';
import { jsonFlag, networkFlag, serviceFlags, verboseFlag } from './flags.ts';

const text = (value: string): string => value;
const host = (placeholder: string, brief: string) => ({ parse: text, placeholder, brief });

const fromTo = {
  kind: 'tuple',
  parameters: [host('FROM', 'Host name or address that asks'), host('TO', 'Host name or address that is asked')],
} as const;

const explain = buildCommand({
  loader: async () => (await import('./command/explain.ts')).explain,
  parameters: {
    flags: { network: networkFlag, ...serviceFlags, verbose: verboseFlag, json: jsonFlag },
    aliases: { n: 'network', v: 'verbose' },
    positional: fromTo,
  },
  docs: {
    brief: 'Say hop by hop how a packet gets there and back, or where and why it dies',
    fullDescription: [
      'Walks a packet from FROM to TO and its answer back, through every box, and says where and why it dies,',
      'with the line that decided it and the fixes that were proved by walking again.',
      'Exit: 0 answered, 1 not, 2 bad input, 3 something is missing.',
      '',
      'Example:',
      '  waymark explain laptop linux-server -n examples/office/network.yaml',
    ].join('\n'),
  },
});

const check = buildCommand({
  loader: async () => (await import('./command/check.ts')).check,
  parameters: {
    flags: { network: networkFlag, json: jsonFlag, verbose: verboseFlag },
    aliases: { n: 'network', v: 'verbose' },
  },
  docs: {
    brief: 'Check what the network file expects to work, and not to work',
    fullDescription: [
      'Prints a line for each expectation of the network file, and the findings behind those that fail.',
      'Exit: 0 all hold, 1 one does not, 2 bad input.',
      '',
      'Example:',
      '  waymark check -n examples/office-fixed/network.yaml',
    ].join('\n'),
  },
});

const fix = buildCommand({
  loader: async () => (await import('./command/fix.ts')).fix,
  parameters: {
    flags: {
      network: networkFlag,
      ...serviceFlags,
      all: { kind: 'boolean', brief: 'Print every fix, not only the best', default: false, withNegated: false },
      write: {
        kind: 'parsed',
        parse: text,
        brief: 'Write the best fix as scripts, one a box, into this folder',
        placeholder: 'DIR',
        optional: true,
      },
      verbose: verboseFlag,
      json: jsonFlag,
    },
    aliases: { n: 'network', v: 'verbose' },
    positional: fromTo,
  },
  docs: {
    brief: 'Print what to do, on which box, in its own language',
    fullDescription: [
      'Prints the smallest proved fix: commands for now, for good, and to take it back. It changes nothing.',
      'Exit: 0 nothing to mend, 1 there is, 2 bad input.',
      '',
      'Example:',
      '  waymark fix laptop linux-server -n examples/office/network.yaml',
    ].join('\n'),
  },
});

const draw = buildCommand({
  loader: async () => (await import('./command/draw.ts')).draw,
  parameters: {
    flags: {
      network: networkFlag,
      ...serviceFlags,
      format: {
        kind: 'enum',
        values: ['svg', 'png', 'mermaid', 'text'],
        brief: 'Picture format; else by the ending of --output, else text',
        optional: true,
      },
      output: {
        kind: 'parsed',
        parse: text,
        brief: 'File to write; else standard output',
        placeholder: 'FILE',
        optional: true,
      },
    },
    aliases: { n: 'network', o: 'output' },
    positional: {
      kind: 'tuple',
      parameters: [
        { ...host('FROM', 'Host that asks; without it the network alone'), optional: true },
        { ...host('TO', 'Host that is asked'), optional: true },
      ],
    },
  },
  docs: {
    brief: 'Draw the network, and one way through it there and back',
    fullDescription: [
      'Links are bands, hosts stand across them; the way there is solid, the way back dashed, a red cross where it dies.',
      '',
      'Example:',
      '  waymark draw laptop linux-server -n examples/office/network.yaml -o office.svg',
    ].join('\n'),
  },
});

const collect = buildCommand({
  loader: async () => (await import('./command/collect.ts')).collect,
  parameters: {
    flags: {
      script: {
        kind: 'boolean',
        brief: 'Print the read-only script that collects, to be run elsewhere',
        default: false,
        withNegated: false,
      },
      netns: {
        kind: 'boolean',
        brief: 'Take every named network namespace of this machine as a host',
        default: false,
        withNegated: false,
      },
      output: {
        kind: 'parsed',
        parse: text,
        brief: 'File to write; else standard output',
        placeholder: 'FILE',
        optional: true,
      },
    },
    aliases: { o: 'output' },
    positional: {
      kind: 'array',
      parameter: host('ssh://USER@HOST', 'Machine to collect from; nothing is installed there'),
    },
  },
  docs: {
    brief: 'Collect what a machine knows about its network',
    fullDescription: [
      'Prints the facts of this machine, or of others over ssh, as a bundle: text that you can read before you pass it on.',
      'Keys and passwords never enter it. Works without root for what needs none, and says what it could not read.',
      '',
      'Example:',
      '  waymark collect -o vpn-server.facts',
    ].join('\n'),
  },
});

const networkOnly = { flags: { network: networkFlag, json: jsonFlag }, aliases: { n: 'network' } } as const;

const lab = buildRouteMap({
  routes: {
    up: buildCommand({
      loader: async () => (await import('./command/lab.ts')).labUp,
      parameters: { flags: { network: networkFlag }, aliases: { n: 'network' } },
      docs: {
        brief: 'Build the network of real namespaces on this machine',
        fullDescription:
          'Builds the network of real namespaces on this machine, OpenVPN included.\n\nExample:\n  waymark lab up -n examples/office/network.yaml',
      },
    }),
    exec: buildCommand({
      loader: async () => (await import('./command/lab.ts')).labExec,
      parameters: {
        flags: { network: networkFlag },
        aliases: { n: 'network' },
        positional: { kind: 'array', parameter: host('HOST COMMAND', 'Host, then the command to run there') },
      },
      docs: {
        brief: 'Run a command on a host of the lab',
        fullDescription:
          'Runs a command on a host of the lab.\n\nExample:\n  waymark lab exec -n examples/office/network.yaml laptop -- ping -c1 10.5.5.20',
      },
    }),
    test: buildCommand({
      loader: async () => (await import('./command/lab.ts')).labTest,
      parameters: networkOnly,
      docs: {
        brief: 'Try every expectation for real and compare with the trace',
        fullDescription:
          'Builds the lab if it is not up, probes every expectation and compares with the trace.\n\nExample:\n  waymark lab test -n examples/office/network.yaml',
      },
    }),
    down: buildCommand({
      loader: async () => (await import('./command/lab.ts')).labDown,
      parameters: { flags: { network: networkFlag }, aliases: { n: 'network' } },
      docs: {
        brief: 'Remove the lab',
        fullDescription:
          'Removes the lab: namespaces, processes and files.\n\nExample:\n  waymark lab down -n examples/office/network.yaml',
      },
    }),
  },
  docs: { brief: 'The network made of real namespaces: build, try, remove' },
});

/** The command line: every command with its flags and help. */
export const application: Application<Cli> = buildApplication(
  buildRouteMap({
    routes: { explain, fix, check, draw, collect, lab },
    docs: {
      brief: 'Makes packets find their way there and back',
      fullDescription:
        'Says how packets find their way there and back, where they die, and what to do about it.\n\nExample:\n  waymark explain laptop linux-server -n examples/office/network.yaml',
    },
  }),
  {
    name: 'waymark',
    versionInfo: { currentVersion: packageFile.version },
    scanner: { caseStyle: 'allow-kebab-for-camel', allowArgumentEscapeSequence: true },
    documentation: { disableAnsiColor: true },
  },
);
