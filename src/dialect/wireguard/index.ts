export { wireguardRoutes } from './route-dialect.ts';
