export { netplanIds } from './ids.ts';
export { persistWithNetplan, type NetplanSection } from './print.ts';
export { netplanRoutes } from './route-dialect.ts';
