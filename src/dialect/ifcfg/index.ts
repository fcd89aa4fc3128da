export { ifcfgWith } from './keep.ts';
export { ifcfgRoutes } from './route-dialect.ts';
