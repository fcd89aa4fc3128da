export { netToolsRoutes } from './route-dialect.ts';
