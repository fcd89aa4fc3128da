export { ifcfgRoutes } from './route-dialect.ts';
