export { persistWithNetworkd } from './print.ts';
export { networkdRoutes } from './route-dialect.ts';
