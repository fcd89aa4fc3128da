import type { Command } from '@stricli/core';
import type { Cli } from '../context.ts';

/**
 * The command with `usage` as its line in the list of all commands too, where the library would print every flag. One
 * line of at most 80 characters is what fits a terminal.
 */
export const withUsage = (command: Command<Cli>, usage: string): Command<Cli> => ({
  ...command,
  formatUsageLine: ({ prefix }) => `${prefix.join(' ')} ${usage}`,
});
