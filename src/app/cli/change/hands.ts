import { Journal, linuxRoutes, macosRoutes, type Hands, type WatchdogOptions } from '../../../change/index.ts';
import type { Cli } from '../context.ts';

/** Where the journal of changes lies, and the variable that names another folder. */
const FOLDER = '/var/lib/waymark/changes';
const SETTING = 'WAYMARK_CHANGES';

/** What changes are made with on this machine. */
export async function handsOf({ machine }: Cli): Promise<Hands> {
  const said = await machine.run(['uname', '-s']);
  const system = said.stdout.trim() === 'Darwin' ? macosRoutes : linuxRoutes;
  return { machine, system, journal: new Journal(machine, machine.environment(SETTING) ?? FOLDER) };
}

/** How a watchdog is started by this program. */
export function watchdogOf({ machine, self }: Cli): WatchdogOptions {
  const folder = machine.environment(SETTING);
  return { self, environment: folder === undefined ? {} : { [SETTING]: folder } };
}
