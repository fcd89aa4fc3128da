export { fritzboxRoutes, opnsenseRoutes, pfsenseRoutes } from './route-dialect.ts';
