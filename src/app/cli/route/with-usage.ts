import type { Command, RouteMap } from '@stricli/core';
import type { Cli } from '../context.ts';

/**
 * The command, or the commands below a word, with `usage` as its line in the list of all commands too, where the library
 * would print every flag or name. One line of at most 80 characters is what fits a terminal.
 */
export const withUsage = <T extends Command<Cli> | RouteMap<Cli>>(target: T, usage: string): T => ({
  ...target,
  formatUsageLine: ({ prefix }: { readonly prefix: readonly string[] }) => `${prefix.join(' ')} ${usage}`,
});
