import { buildCommand } from '@stricli/core';
import { argument, jsonFlag, settingsFlag, yes } from '../flags.ts';
import { withUsage } from './with-usage.ts';

const USAGE = '[NUMBER...] [--answered | --remove] [--all] [--json]';

/** Flags and help of `waymark appeals`. */
export const appeals = withUsage(
  buildCommand({
    loader: async () => (await import('../command/appeals.ts')).appeals,
    parameters: {
      flags: {
        answered: yes('Mark these as answered'),
        remove: yes('Take these away'),
        all: yes('List answered ones too'),
        json: jsonFlag,
        settings: settingsFlag,
      },
      positional: { kind: 'array', parameter: argument('NUMBER', 'Number of an appeal') },
    },
    docs: {
      brief: 'Read what blocked visitors wrote',
      customUsage: [USAGE],
      fullDescription: [
        "Lists what blocked visitors wrote by the page's form and nobody answered yet;",
        'with numbers, all that is known of these.',
        'Exit: 0 there are some, 1 there are none.',
        '',
        'Example:',
        '  waymark appeals 3 --answered',
      ].join('\n'),
    },
  }),
  USAGE,
);
