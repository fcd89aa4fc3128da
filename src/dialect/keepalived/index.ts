export type { KeepalivedInclude } from './include.ts';
export { parseKeepalivedConf } from './parse.ts';
export { keepalivedRoutes } from './static-routes.ts';
