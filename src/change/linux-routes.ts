import { parseRoutes, routeAddCommand, routeDelCommand } from '../dialect/index.ts';
import type { Machine } from '../host/index.ts';
import { hasErrors, type Diagnostic, type Parsed } from '../ip/index.ts';
import type { Route } from '../model/index.ts';
import { OWN_PROTOCOL, routeText, sameRoutes } from './route-key.ts';
import type { Argv, RouteSystem } from './route-system.ts';

/** Linux, by iproute2. */
export const linuxRoutes: RouteSystem = {
  name: 'linux',
  protocol: OWN_PROTOCOL,
  async read(machine) {
    const [four, six] = [await listing(machine, '-4'), await listing(machine, '-6')];
    return { value: [...four.value, ...six.value], diagnostics: [...four.diagnostics, ...six.diagnostics] };
  },
  cannotSay: () => [],
  steps(has, wanted) {
    if (sameRoutes(has, wanted)) return [];
    if (has.length === 1 && wanted.length === 1) return [adding('replace', wanted[0]!)];
    const texts = wanted.map(routeText);
    const kept = has.filter((r) => texts.includes(routeText(r)));
    if (sameRoutes(kept, wanted)) return has.filter((r) => !kept.includes(r)).map(routeDelCommand);
    if (sameRoutes(has, wanted.slice(0, has.length))) return added(wanted, has.length);
    return [...has.map(routeDelCommand), ...added(wanted, 0)];
  },
  async boot(machine) {
    const id = await machine.readFile('/proc/sys/kernel/random/boot_id');
    return id.ok ? id.value.trim() : '';
  },
};

/** Commands for the routes from that one on; only the first of a place is added, the others stand behind it. */
const added = (routes: readonly Route[], from: number): readonly Argv[] =>
  routes.slice(from).map((r, i) => adding(from + i === 0 ? 'add' : 'append', r));

const adding = (verb: 'add' | 'append' | 'replace', route: Route): Argv =>
  routeAddCommand(route).map((word) => (word === 'add' ? verb : word));

async function listing(machine: Machine, family: '-4' | '-6'): Promise<Parsed<readonly Route[]>> {
  const argv = ['ip', family, '-j', '-d', '-N', 'route', 'show', 'table', 'all'];
  const said = await machine.run(argv);
  if (said.code !== 0) return { value: [], diagnostics: [failed(argv, said.stderr)] };
  const read = parseRoutes(said.stdout.trim() === '' ? '[]' : said.stdout, argv.join(' '));
  // one line that can't be read is no reason to take the table for empty, but none to trust it either
  return hasErrors(read.diagnostics) ? { value: [], diagnostics: read.diagnostics } : { ...read, diagnostics: [] };
}

/** What a command said that did not end well. */
export const failed = (argv: Argv, said: string): Diagnostic => ({
  code: 'command-failed',
  severity: 'error',
  message: `${argv.join(' ')}: ${said.trim().split('\n').slice(0, 3).join('; ') || 'it failed'}`,
});
