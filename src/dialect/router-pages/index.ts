export { fritzboxRoutes, opnsenseRoutes, pfsenseRoutes } from './route-dialect.ts';
export { fritzboxCommands, opnsenseCommands, pfsenseCommands } from './system-commands.ts';
