export { keyfileWith } from './keyfile-keep.ts';
export { connectionNameCommand, persistWithNmcli } from './print.ts';
export { keyfileRoutes } from './keyfile.ts';
export { nmcliRoutes } from './route-dialect.ts';
