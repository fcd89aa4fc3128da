export { bsdFacts, bsdFactsOf, bsdSystem } from './facts.ts';
export { freebsdRoutes } from './freebsd.ts';
export { macosRoutes } from './macos.ts';
export { hostnameIfRoutes, openbsdRoutes } from './openbsd.ts';
export { rcConfRoutes } from './rc-conf.ts';
export { freebsdCommands, macosCommands, openbsdCommands } from './system-commands.ts';
