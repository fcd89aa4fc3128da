import { buildCommand, buildRouteMap } from '@stricli/core';
import { settingsFlag } from '../flags.ts';
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

/** Flags and help of `waymark guard`. */
export const guard = buildRouteMap({
  routes: { run, page },
  defaultCommand: 'run',
  docs: {
    brief: 'Show blocked visitors a page that says why',
    fullDescription: described(
      'Shows blocked visitors a page that says why, until when and whom to call.',
      'waymark guard run --settings /etc/waymark/guard.yaml',
    ),
  },
});
