import type { SystemCommands } from '../system-commands.ts';
import type { RouteDialect } from '../route-dialect.ts';
import { fritzboxRoutes, opnsenseRoutes, pfsenseRoutes } from './route-dialect.ts';

/** Steps on a system's web pages: they last by themselves, and there is no switch for forwarding. */
const pages = (language: RouteDialect): SystemCommands => ({
  addRoute: (route) => {
    const steps = language.print([route]).trimEnd().split('\n');
    return {
      apply: steps.map((step) => `# ${step}`),
      persist: ['# it is kept'],
      undo: steps.map((step) => `# take away again: ${step}`).reverse(),
    };
  },
  removeRoute: (route) => {
    const steps = language.print([route]).trimEnd().split('\n').slice(-1);
    return {
      apply: steps.map((step) => `# take away what was made so: ${step}`),
      persist: ['# it is kept'],
      undo: steps.map((step) => `# ${step}`),
    };
  },
  forwarding: () => null,
});

/** pfSense's web pages. */
export const pfsenseCommands = pages(pfsenseRoutes);
/** OPNsense's web pages. */
export const opnsenseCommands = pages(opnsenseRoutes);
/** FRITZ!Box's web pages. */
export const fritzboxCommands = pages(fritzboxRoutes);
