export { fritzboxRoutes, opnsenseRoutes, pfsenseRoutes } from './route-dialect.ts';
export { pagesCommands } from './system-commands.ts';
