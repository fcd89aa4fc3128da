import { freebsdRoutes, hostnameIfRoutes, macosRoutes, openbsdRoutes, rcConfRoutes } from './bsd/index.ts';
import { iproute2Routes } from './iproute2/index.ts';
import { netToolsRoutes } from './net-tools/index.ts';
import { powershellRoutes, windowsRoutes } from './windows/index.ts';
import { edgeosRoutes, iosRoutes, junosRoutes, routerosRoutes, vyosRoutes } from './vendor/index.ts';
import { dnsmasqRoutes, option121Routes, option249Routes } from './dnsmasq/index.ts';
import { ifcfgRoutes } from './ifcfg/index.ts';
import { ifupdownRoutes } from './ifupdown/index.ts';
import { keepalivedRoutes } from './keepalived/index.ts';
import { netplanRoutes } from './netplan/index.ts';
import { networkdRoutes } from './networkd/index.ts';
import { keyfileRoutes, nmcliRoutes } from './nmcli/index.ts';
import { openvpnIrouteRoutes, openvpnPushRoutes, openvpnRoutes } from './openvpn/index.ts';
import { openwrtRoutes } from './openwrt/index.ts';
import { fritzboxRoutes, opnsenseRoutes, pfsenseRoutes } from './router-pages/index.ts';
import { wireguardRoutes } from './wireguard/index.ts';
import type { Likeness, RouteDialect } from './route-dialect.ts';

/** Every language for routes, in the order in which they are printed. */
export const ROUTE_DIALECTS: readonly RouteDialect[] = [
  iproute2Routes,
  netToolsRoutes,
  macosRoutes,
  freebsdRoutes,
  rcConfRoutes,
  openbsdRoutes,
  hostnameIfRoutes,
  windowsRoutes,
  powershellRoutes,
  iosRoutes,
  junosRoutes,
  routerosRoutes,
  vyosRoutes,
  edgeosRoutes,
  openwrtRoutes,
  pfsenseRoutes,
  opnsenseRoutes,
  fritzboxRoutes,
  netplanRoutes,
  networkdRoutes,
  ifupdownRoutes,
  nmcliRoutes,
  keyfileRoutes,
  ifcfgRoutes,
  option121Routes,
  option249Routes,
  dnsmasqRoutes,
  openvpnRoutes,
  openvpnPushRoutes,
  openvpnIrouteRoutes,
  wireguardRoutes,
  keepalivedRoutes,
];

/** The language of that name, by any of its names; undefined when there is none. */
export const routeDialectNamed = (word: string): RouteDialect | undefined =>
  ROUTE_DIALECTS.find(({ name, words }) => name === word || words.includes(word));

/** The languages that a text may be in, likeliest first: those that are sure, or if none is, those that could be. */
export function recogniseRoutes(text: string): readonly RouteDialect[] {
  const judged = ROUTE_DIALECTS.map((dialect) => ({ dialect, likeness: dialect.recognise(text) }));
  const like = (likeness: Likeness): readonly RouteDialect[] =>
    judged.filter((j) => j.likeness === likeness).map((j) => j.dialect);
  const sure = like('yes');
  return sure.length > 0 ? sure : like('maybe');
}
