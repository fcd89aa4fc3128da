export { iosRoutes } from './ios.ts';
export { junosRoutes } from './junos.ts';
export { routerosRoutes } from './routeros.ts';
export { edgeosRoutes, vyosRoutes } from './vyos.ts';
export * from './system-commands.ts';
export { iosFacts } from './ios-facts.ts';
export { routerosFacts } from './routeros-facts.ts';
export { vyosFacts } from './vyos-facts.ts';
