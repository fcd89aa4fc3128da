import { buildCommand, buildRouteMap } from '@stricli/core';
import { argument, jsonFlag, offering, oneOf, settingsFlag, valued, verboseFlag, yes } from '../flags.ts';
import { withUsage } from './with-usage.ts';

const USAGE = '[--settings FILE]';
const described = (text: string, example: string): string => `${text}\n\nExample:\n  ${example}`;

const run = withUsage(
  buildCommand({
    loader: async () => (await import('../command/guard.ts')).guardRun,
    parameters: { flags: { settings: settingsFlag } },
    docs: {
      brief: 'Carry decisions out until stopped',
      customUsage: [USAGE],
      fullDescription: described(
        'Puts the rules in place, serves the page, and takes orders from block and\nunblock, until it is stopped. Then its rules are gone; the decisions are kept.',
        'waymark guard run --settings /etc/waymark/guard.yaml',
      ),
    },
  }),
  USAGE,
);

const page = withUsage(
  buildCommand({
    loader: async () => (await import('../command/guard-page.ts')).guardPage,
    parameters: { flags: { settings: settingsFlag } },
    docs: {
      brief: 'Serve the page alone, as the guard does it',
      customUsage: [USAGE],
      fullDescription: described(
        'Serves the page on the ports of the settings. The guard starts it by itself,\nas a user without rights.',
        'waymark guard page --settings /etc/waymark/guard.yaml',
      ),
    },
  }),
  USAGE,
);

const check = withUsage(
  buildCommand({
    loader: async () => (await import('../command/guard-check.ts')).guardCheck,
    parameters: { flags: { settings: settingsFlag, verbose: verboseFlag } },
    docs: {
      brief: 'Say all that would keep a guard from working here',
      customUsage: [USAGE],
      fullDescription: described(
        'Reads the settings and looks at the machine: files and who may read them,\nports, programs, what the kernel takes. Changes nothing.\nExit: 0 it can run, 2 the settings are wrong, 3 the machine lacks something.',
        'waymark guard check --settings /etc/waymark/guard.yaml',
      ),
    },
  }),
  USAGE,
);

const INSTALL = '[--settings FILE] [--dry-run] [--print INIT]';

const install = withUsage(
  buildCommand({
    loader: async () => (await import('../command/guard-install.ts')).guardInstall,
    parameters: {
      flags: {
        dryRun: yes('Print what would be done, as commands'),
        print: oneOf(['systemd', 'openrc', 'run'], 'INIT', 'Print the unit or script alone'),
        settings: settingsFlag,
      },
    },
    docs: {
      brief: 'Run the guard as a service of systemd',
      customUsage: [INSTALL],
      fullDescription: described(
        'Checks all that "guard check" does, writes the way back, then the unit, and\nstarts it. What fails is taken back: exit 4.',
        'waymark guard install --dry-run',
      ),
    },
  }),
  INSTALL,
);

const UNINSTALL = '[--settings FILE] [--dry-run]';

const uninstall = withUsage(
  buildCommand({
    loader: async () => (await import('../command/guard-install.ts')).guardUninstall,
    parameters: { flags: { dryRun: yes('Print what would be done, as commands'), settings: settingsFlag } },
    docs: {
      brief: 'Take the service away again',
      customUsage: [UNINSTALL],
      fullDescription: described(
        'Stops the service, and takes its unit and all its rules away. The decisions\nand the settings are kept.',
        'waymark guard uninstall --dry-run',
      ),
    },
  }),
  UNINSTALL,
);

const status = withUsage(
  buildCommand({
    loader: async () => (await import('../command/guard-status.ts')).guardStatus,
    parameters: { flags: { settings: settingsFlag } },
    docs: {
      brief: 'Say whether the guard runs, and its rules are whole',
      customUsage: [USAGE],
      fullDescription: described(
        'Says how the service is, how long the guard has run, and whether its rules are\nwhole. Exit: 0 it runs and they are, 1 not.',
        'waymark guard status',
      ),
    },
  }),
  USAGE,
);

const metrics = withUsage(
  buildCommand({
    loader: async () => (await import('../command/guard-metrics.ts')).guardMetrics,
    parameters: { flags: { settings: settingsFlag } },
    docs: {
      brief: 'Print what the guard counts, for Prometheus',
      customUsage: [USAGE],
      fullDescription: described(
        'Prints what the guard that runs has counted, in the text format of Prometheus.\nExit: 0 done, 1 no guard runs.',
        'waymark guard metrics',
      ),
    },
  }),
  USAGE,
);

const clear = withUsage(
  buildCommand({
    loader: async () => (await import('../command/guard-clear.ts')).guardClear,
    parameters: { flags: { settings: settingsFlag } },
    docs: {
      brief: 'Take away what a killed guard left in the kernel',
      customUsage: [USAGE],
      fullDescription: described(
        'Takes the rules away that a killed guard left: blocked visitors see the site\nthen. The decisions are kept.',
        'waymark guard clear',
      ),
    },
  }),
  USAGE,
);

const ipvs = withUsage(
  buildCommand({
    loader: async () => (await import('../command/guard-ipvs.ts')).guardIpvs,
    parameters: { flags: { settings: settingsFlag } },
    docs: {
      brief: "Print the virtual servers that are Keepalived's part",
      customUsage: [USAGE],
      fullDescription: described(
        'Prints the file that the guard writes for Keepalived: a virtual server of the\nmark for IPv4 and IPv6, with the page servers of the settings. Changes nothing.',
        'waymark guard ipvs --settings /etc/waymark/guard.yaml',
      ),
    },
  }),
  USAGE,
);

const formats = async (): Promise<readonly string[]> =>
  (await import('../../../guard/index.ts')).knownFormats(() => 0).map(({ name }) => name);
const TEST =
  'LOG... [--format FORMAT] [--settings FILE] [--json]\n  waymark guard test --filter FILTER LOG... [--config DIR] [--json]';

const test = withUsage(
  buildCommand({
    loader: async () => (await import('../command/guard-test.ts')).guardTest,
    parameters: {
      flags: {
        format: offering(valued('FORMAT', 'Of lines: combined, json, syslog ..., or a log_format'), formats),
        filter: valued('FILTER', "A filter of fail2ban, such as sshd or 'sshd[mode=aggressive]'"),
        config: valued('DIR', "Where fail2ban's files are; /etc/fail2ban when not said"),
        json: jsonFlag,
        settings: settingsFlag,
      },
      positional: {
        kind: 'array',
        minimum: 1,
        parameter: argument('LOG', 'A log file, packed or not, the oldest first; - for standard input'),
      },
    },
    docs: {
      brief: 'Say who would have been blocked for what old logs tell',
      customUsage: [TEST],
      fullDescription: described(
        'Reads logs as the guard would have read them: who would have been blocked, when,\nwhy, for which lines, and whether ordinary visitors are among them. Changes\nnothing. Exit: 0 done, whoever was found.',
        'waymark guard test /var/log/nginx/access.log',
      ),
    },
  }),
  TEST,
);

const all = buildRouteMap({
  routes: { run, page, check, test, install, uninstall, status, metrics, ipvs, clear },
  defaultCommand: 'run',
  docs: {
    brief: 'Show blocked visitors a page that says why',
    fullDescription: described(
      'Shows blocked visitors a page that says why, until when and whom to call.',
      'waymark guard run --settings /etc/waymark/guard.yaml',
    ),
  },
});

/** Flags and help of `waymark guard`; its line in the list of all commands fits a terminal. */
export const guard: typeof all = {
  ...all,
  formatUsageLine: ({ prefix }) => `${prefix.join(' ')} run|check|test|install|status|clear|...`,
};
