import { buildCommand } from '@stricli/core';
import type { Rest } from '../../../guard/index.ts';
import { argument, jsonFlag, oneOf, settingsFlag, valued, yes } from '../flags.ts';
import { withUsage } from './with-usage.ts';

// not the guard's own list: this file is loaded at every start
const REST = ['through', 'reset', 'prohibit', 'drop'] as const satisfies readonly Rest[];
const BLOCK = 'TARGET... [--for 2h] [--reason TEXT] [--list FILE] [--dry-run]';
const targets = {
  kind: 'array',
  parameter: argument('TARGET', 'Address or prefix'),
} as const;
const described = (lines: readonly string[], example: string): string =>
  [...lines, '', 'Example:', `  ${example}`].join('\n');

/** Flags and help of `waymark block`. */
export const block = withUsage(
  buildCommand({
    loader: async () => (await import('../command/block.ts')).block,
    parameters: {
      flags: {
        for: valued('TIME', 'How long: 90m, 2h, 1d12h, 1w or forever; 1d when not said'),
        reason: valued('TEXT', 'Why, in words for the visitor'),
        ref: valued('CODE', 'What the visitor names on the phone; made up when not said'),
        rest: oneOf(REST, 'WHAT', 'Its other traffic'),
        list: valued('FILE', 'Also all of a list (docs/block-lists.md); - for stdin'),
        dryRun: yes('Print what would be done; change nothing'),
        yes: yes('Block also what is wider than the settings let through'),
        force: yes('Block also who must not be blocked'),
        settings: settingsFlag,
      },
      positional: targets,
    },
    docs: {
      brief: 'Show an address or prefix the page instead of the site',
      customUsage: [BLOCK],
      fullDescription: described(
        [
          'Shows whoever comes from there a page that says why, instead of the site.',
          'Exit: 0 all are blocked, 2 one can not be or must not be: then none is.',
        ],
        'waymark block 192.0.2.7 --for 2h --reason "Too many failed logins"',
      ),
    },
  }),
  BLOCK,
);

const UNBLOCK = 'TARGET... [--dry-run] [--settings FILE]';

/** Flags and help of `waymark unblock`. */
export const unblock = withUsage(
  buildCommand({
    loader: async () => (await import('../command/unblock.ts')).unblock,
    parameters: {
      flags: { dryRun: yes('Print what would be done; change nothing'), settings: settingsFlag },
      positional: targets,
    },
    docs: {
      brief: 'Give an address or prefix the site back',
      customUsage: [UNBLOCK],
      fullDescription: described(
        [
          'Takes the decision about exactly this address or prefix back, or those with a',
          'reference, as the page shows it.',
          'Exit: 0 done, 1 there was none.',
        ],
        'waymark unblock 192.0.2.7',
      ),
    },
  }),
  UNBLOCK,
);

const BLOCKED = '[WHOM] [--json] [--settings FILE]';

/** Flags and help of `waymark blocked`. */
export const blocked = withUsage(
  buildCommand({
    loader: async () => (await import('../command/blocked.ts')).blocked,
    parameters: {
      flags: { json: jsonFlag, settings: settingsFlag },
      positional: {
        kind: 'tuple',
        parameters: [{ ...argument('WHOM', 'Address, or reference of the page'), optional: true }],
      },
    },
    docs: {
      brief: 'Say who is blocked, since when, until when and why',
      customUsage: [BLOCKED],
      fullDescription: described(
        [
          'Lists who is blocked; with an address or a reference, everything about it.',
          'Exit: 0 somebody is, 1 nobody is.',
        ],
        'waymark blocked 192.0.2.7',
      ),
    },
  }),
  BLOCKED,
);
