export { iosRoutes } from './ios.ts';
export { junosRoutes } from './junos.ts';
export { routerosRoutes } from './routeros.ts';
export { edgeosRoutes, vyosRoutes } from './vyos.ts';
export * from './system-commands.ts';
