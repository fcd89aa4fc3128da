export { hideKeys } from './hide-keys.ts';
export { parseWgDump } from './parse-dump.ts';
export { parseWgQuick, type WgQuick } from './parse-quick.ts';
export { wireguardRoutes } from './route-dialect.ts';
