import type { SystemCommands } from '../system-commands.ts';

/** Steps on the web pages of pfSense, OPNsense and the FRITZ!Box: they last by themselves, and there is no switch for forwarding. */
export const pagesCommands: SystemCommands = {
  addRoute: ({ add }) => ({
    apply: add.map((step) => `# ${step}`),
    persist: ['# it is kept'],
    undo: add.map((step) => `# take away again: ${step}`).reverse(),
  }),
  // the gateway that comes first may serve other routes
  removeRoute: ({ add }) => ({
    apply: add.slice(-1).map((step) => `# take away what was made so: ${step}`),
    persist: ['# it is kept'],
    undo: add.slice(-1).map((step) => `# ${step}`),
  }),
  forwarding: () => null,
};
