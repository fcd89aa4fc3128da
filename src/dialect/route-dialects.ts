import { freebsdRoutes, hostnameIfRoutes, macosRoutes, openbsdRoutes, rcConfRoutes } from './bsd/index.ts';
import { iproute2Routes } from './iproute2/index.ts';
import { netToolsRoutes } from './net-tools/index.ts';
import { powershellRoutes, windowsRoutes } from './windows/index.ts';
import { edgeosRoutes, iosRoutes, junosRoutes, routerosRoutes, vyosRoutes } from './vendor/index.ts';
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
