import { withinLimits } from '../dialect/index.ts';
import { macosRoutes as language } from '../dialect/bsd/index.ts';
import type { Route } from '../model/index.ts';
import { failed } from './linux-routes.ts';
import { sameRoutes } from './route-key.ts';
import type { Argv, RouteSystem } from './route-system.ts';

/**
 * macOS, by route(8) and netstat(1). route(8) ends with 0 once its message was sent, whatever the kernel said to it: only
 * the table tells.
 */
export const macosRoutes: RouteSystem = {
  name: 'macos',
  // nothing in its table says who made a route
  protocol: 'boot',
  async read(machine) {
    const argv = ['netstat', '-rn'];
    const said = await machine.run(argv);
    if (said.code !== 0) return { value: [], diagnostics: [failed(argv, said.stderr)] };
    const read = language.parse(said.stdout, 'netstat -rn');
    return { value: read.value, diagnostics: read.diagnostics.filter((d) => d.severity === 'error') };
  },
  cannotSay(route) {
    // the interface of a gateway is the one whose link it is on
    const nexthops = route.nexthops.map(({ dev, ...hop }) => (hop.via || dev === undefined ? hop : { ...hop, dev }));
    return withinLimits({ ...route, nexthops }, language.limits).cannot;
  },
  steps(has, wanted) {
    if (sameRoutes(has, wanted)) return [];
    if (has.length === 1 && wanted.length === 1) return [command('change', wanted[0]!)];
    return [...has.map((r) => command('delete', r)), ...wanted.map((r) => command('add', r))];
  },
  async boot(machine) {
    return (await machine.run(['sysctl', '-n', 'kern.boottime'])).stdout.trim();
  },
};

/** `route -n add …` as the language writes it, with another verb where one is wanted. */
function command(verb: 'add' | 'change' | 'delete', route: Route): Argv {
  const words = language
    .print([route])
    .trim()
    .split(' ')
    .filter((w) => w !== 'sudo');
  return words.map((word, i) => (i === words.indexOf('add') ? verb : word));
}
