export * from './join.ts';
export * from './parse-ccd.ts';
export { parseOpenVpnConfig, type Include, type OpenVpnConfig } from './parse-config.ts';
export * from './parse-status.ts';
export * from './print-config.ts';
export { openvpnIrouteRoutes, openvpnPushRoutes, openvpnRoutes } from './route-dialects.ts';
