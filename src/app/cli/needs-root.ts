import type { Cli } from './context.ts';
import { stopsAt, usageFault } from './report.ts';

/** Whether the command stops here because it needs root, which is said with what needs it: `the guard`. */
export const needsRoot = (cli: Cli, what = 'this'): boolean =>
  !cli.machine.isRoot && stopsAt(cli, [usageFault('privilege-missing', `${what} needs root`, 'run it with sudo')]);
