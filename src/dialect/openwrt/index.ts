export { openwrtRoutes } from './route-dialect.ts';
