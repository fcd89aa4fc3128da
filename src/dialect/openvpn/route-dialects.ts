import { formatAddress, parseAddress, type Diagnostic, type Parsed } from '../../ip/index.ts';
import type { OpenVpnRoute, Route } from '../../model/index.ts';
import { hasMetric } from '../persist.ts';
import type { RouteDialect, RouteLimits } from '../route-dialect.ts';
import { linesOf } from '../route-lines.ts';
import { routeOf } from '../route-parts.ts';
import { parseCcdFile } from './parse-ccd.ts';
import { parseOpenVpnConfig } from './parse-config.ts';
import { irouteLine, routeLine } from './print-config.ts';

/** The tunnel's device, where a route names no gateway. */
const TUNNEL = 'tun0';

const LIMITS: RouteLimits = {
  families: [4, 6],
  rejects: [],
  lacks: ['type', 'several-hops', 'other-family', 'tos', 'table', 'source', 'mtu', 'onlink', 'scope', 'weight', 'device', 'link-local'], // prettier-ignore
  metric: [0, 65535],
  devices: /^tun0$/,
};
const PUSH = /^\s*push\s+["']route(-ipv6)?\s/m;
const IROUTE = /^\s*iroute(-ipv6)?\s/m;
const ROUTE = /^\s*route\s+(\d{1,3}\.){3}\d{1,3}(\s+\d{1,3}(\.\d{1,3}){3})?(\s|$)|^\s*route-ipv6\s/m;
const isConfig = (text: string): boolean => ROUTE.test(text) && !/^\s*route\s+print/m.test(text);

/** `route` and `route-ipv6` of OpenVPN: on the side whose configuration it is. Source: openvpn(8), 2.6. */
export const openvpnRoutes: RouteDialect = {
  name: 'openvpn',
  words: ['openvpn-route'],
  title: 'OpenVPN, route',
  limits: LIMITS,
  recognise: (text) => (isConfig(text) && !PUSH.test(text) && !IROUTE.test(text) ? 'yes' : 'no'),
  parse: (text, source) => parsed(text, source, (config) => config.routes),
  print: (routes) => routes.map((route) => `${lineOf(route)}\n`).join(''),
};

/** `push "route …"` of an OpenVPN server: for its clients. */
export const openvpnPushRoutes: RouteDialect = {
  name: 'openvpn-push',
  words: ['push'],
  title: 'OpenVPN server, push "route"',
  limits: LIMITS,
  recognise: (text) => (PUSH.test(text) ? 'yes' : 'no'),
  parse: (text, source) => parsed(text, source, (config) => config.pushedRoutes),
  print: (routes) => routes.map((route) => `push "${lineOf(route)}"\n`).join(''),
};

/** `iroute` of a client's file at the server: OpenVPN's own table, behind the kernel's. */
export const openvpnIrouteRoutes: RouteDialect = {
  name: 'openvpn-iroute',
  words: ['iroute', 'ccd'],
  title: 'OpenVPN server, iroute of a client',
  limits: { ...LIMITS, lacks: [...LIMITS.lacks.filter((t) => t !== 'device' && t !== 'other-family' && t !== 'link-local'), 'metric'], tunnel: TUNNEL }, // prettier-ignore
  recognise: (text) => (IROUTE.test(text) ? 'yes' : 'no'),
  parse: (text, source) => {
    const read = parseCcdFile(text, source);
    return { value: read.value.iroutes.map((r) => routeOf({ prefix: r.prefix, hops: [{ dev: TUNNEL }] }, r.fact)), diagnostics: read.diagnostics.filter((d) => d.severity === 'error') }; // prettier-ignore
  },
  print: (routes) => routes.map((route) => `${irouteLine(route.prefix)}\n`).join(''),
  advice: () => [
    "it belongs into the client's file of client-config-dir; the server's kernel needs a 'route' to it as well",
  ],
};

function lineOf(route: Route): string {
  const via = route.nexthops[0]?.via;
  return routeLine({
    prefix: route.prefix,
    ...(via && { gateway: formatAddress(via) }),
    ...(hasMetric(route) && { metric: route.metric }),
    fact: route.fact,
  });
}

type Config = ReturnType<typeof parseOpenVpnConfig>['value'];

/** Only lines of routes are looked at: the rest of a configuration says nothing of them. */
function parsed(
  text: string,
  source: string,
  of: (config: Config) => readonly OpenVpnRoute[],
): Parsed<readonly Route[]> {
  const own = text.split('\n').map((line) => (/^\s*(push\s+["'])?route(-ipv6)?\s/.test(line) ? line : ''));
  const read = parseOpenVpnConfig(own.join('\n'), source);
  const diagnostics: Diagnostic[] = read.diagnostics.filter((d) => d.span && linesOf(own[d.span.line - 1] ?? '', source).length > 0); // prettier-ignore
  const value = of(read.value).flatMap(({ prefix, gateway, metric, fact }) => {
    const via = gateway === undefined || gateway === 'vpn_gateway' ? null : parseAddress(gateway);
    if (via && !via.ok) {
      const span = { source, line: fact.line, column: 1, length: Math.max(1, fact.text.length), text: fact.text };
      diagnostics.push({ code: 'line-not-modelled', severity: 'warning', message: `a route by '${gateway!.slice(0, 60)}' is left out: its address is not known here`, span }); // prettier-ignore
      return [];
    }
    return [routeOf({ prefix, metric, hops: [via ? { via: via.value } : { dev: TUNNEL }] }, fact)];
  });
  return { value, diagnostics };
}
