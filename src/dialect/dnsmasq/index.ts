export { dnsmasqRoutes, option121Routes, option249Routes } from './classless.ts';
export { classlessRouteBytes, persistWithDnsmasq } from './print.ts';
