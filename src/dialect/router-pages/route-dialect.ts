import {
  defaultPrefix,
  formatAddress,
  formatPrefix,
  parseAddress,
  parsePrefix,
  prefixOf,
  type Parsed,
} from '../../ip/index.ts';
import type { Route } from '../../model/index.ts';
import type { WordReader } from '../iproute2/words.ts';
import { netmask, netmaskLength } from '../netmask.ts';
import type { RouteDialect, RouteLimits } from '../route-dialect.ts';
import { linesOf, routesOfLines } from '../route-lines.ts';
import type { RouteParts } from '../route-parts.ts';

/** Pages know a gateway and nothing else; which interface leads to it they find out. */
const LIMITS: RouteLimits = {
  families: [4, 6],
  rejects: ['blackhole'],
  lacks: ['type', 'several-hops', 'no-gateway', 'other-family', 'tos', 'table', 'metric', 'source', 'mtu', 'onlink', 'scope', 'weight', 'device', 'link-local'], // prettier-ignore
};

/** Where the pages of one system are, and what their fields are called. */
interface Pages {
  readonly name: string;
  readonly title: string;
  readonly gateways: string;
  readonly routes: string;
  readonly network: string;
}

const PFSENSE: Pages = { name: 'pfsense', title: 'pfSense, web pages', gateways: 'System > Routing > Gateways', routes: 'System > Routing > Static Routes', network: 'Destination network' }; // prettier-ignore
const OPNSENSE: Pages = { name: 'opnsense', title: 'OPNsense, web pages', gateways: 'System > Gateways > Configuration', routes: 'System > Routes > Configuration', network: 'Network Address' }; // prettier-ignore

/** pfSense's pages, as steps. Source: the pfSense documentation, static routes. */
export const pfsenseRoutes = pages(PFSENSE);

/** OPNsense's pages, as steps. Source: the OPNsense documentation, gateways and routes. */
export const opnsenseRoutes = pages(OPNSENSE);

function pages(own: Pages): RouteDialect {
  return {
    name: own.name,
    words: [],
    title: own.title,
    limits: LIMITS,
    recognise: (text) =>
      text.includes(`${own.routes} > Add:`) || text.includes(`${own.gateways}: Default`) ? 'yes' : 'no',
    parse: (text, source) => parseSteps(own, text, source),
    print: (routes) =>
      [...gatewaySteps(own, routes), ...routes.map((r) => routeStep(own, r))].map((l) => `${l}\n`).join(''),
    advice: () => ['do not set the gateway as that of the interface; if clients are on the same network as the gateway, turn on the bypass of firewall rules for traffic on the same interface (advanced firewall settings)'], // prettier-ignore
  };
}

/** Each gateway once. */
function gatewaySteps({ gateways }: Pages, routes: readonly Route[]): readonly string[] {
  const all = routes.flatMap((r) => r.nexthops.map((hop) => formatAddress(hop.via!)));
  return [...new Set(all)].map((via) => `${gateways} > Add: Gateway ${via}`);
}

function routeStep({ gateways, routes, network }: Pages, route: Route): string {
  const six = route.prefix.address.family === 6;
  const via = route.nexthops[0] ? formatAddress(route.nexthops[0].via!) : six ? 'Null6 - ::1' : 'Null4 - 127.0.0.1';
  if (route.prefix.length === 0) return `${gateways}: Default gateway IPv${six ? 6 : 4}: ${via}`;
  return `${routes} > Add: ${network} ${formatPrefix(route.prefix)}, Gateway ${via}`;
}

function parseSteps({ gateways, routes, network }: Pages, text: string, source: string): Parsed<readonly Route[]> {
  return routesOfLines(linesOf(text, source), (reader, line) => {
    const words = line.text.trim();
    const [, family, router = ''] = /^Default gateway IPv([46]): (.*)$/.exec(after(words, `${gateways}: `)) ?? [];
    const step = after(words, `${routes} > Add: ${network} `);
    const [target = '', way = ''] = step.split(', Gateway ');
    if (family === undefined && step === '') return null;
    const at = { ...line.words[0]!, text: family === undefined ? target : router };
    const prefix = family === undefined ? reader.read(at, parsePrefix) : defaultPrefix(family === '4' ? 4 : 6);
    return prefix ? wayOf(reader, prefix, family === undefined ? way : router, at) : null;
  });
}

const after = (text: string, head: string): string => (text.startsWith(head) ? text.slice(head.length) : '');

function wayOf(
  reader: WordReader,
  prefix: RouteParts['prefix'],
  text: string,
  at: Parameters<WordReader['read']>[0],
): RouteParts | null {
  // prettier-ignore
  if (/^Null[46]/.test(text)) return { prefix, type: 'blackhole', hops: [] };
  const via = reader.read({ ...at, text }, parseAddress);
  return via ? { prefix, hops: [{ via }] } : null;
}

const FRITZ = 'Home Network > Network > Network Settings > ';

/** The pages of a FRITZ!Box, as steps. Where they are is from memory: menus differ between versions. */
export const fritzboxRoutes: RouteDialect = {
  name: 'fritzbox',
  words: ['fritz'],
  title: 'FRITZ!Box, web pages',
  limits: { ...LIMITS, rejects: [], lacks: [...LIMITS.lacks, 'default'] },
  recognise: (text) => (/IPv[46] Routes > New Route:/.test(text) ? 'yes' : 'no'),
  parse: (text, source) =>
    routesOfLines(linesOf(text, source), (reader, line) => {
      const [, target = '', mask = '', way = ''] = /(?:Network|IPv6 network) (\S+), (?:Subnet mask|Prefix length) (\S+), Gateway ([^,\s]+)/.exec(line.text) ?? []; // prettier-ignore
      if (target === '') return null;
      const at = (t: string) => ({ ...line.words[0]!, text: t });
      const address = reader.read(at(target), parseAddress);
      const length = mask.includes('.') ? reader.read(at(mask), netmaskLength) : Number(mask);
      return address && length !== undefined ? wayOf(reader, prefixOf(address, length), way, at(way)) : null;
    }),
  print: (routes) => routes.map((route) => `${fritzStep(route)}\n`).join(''),
  advice: () => [
    'the page may be called otherwise in your version; boxes of some providers have none: use DHCP option 121 there',
  ],
};

function fritzStep({ prefix, nexthops }: Route): string {
  const via = formatAddress(nexthops[0]!.via!);
  const address = formatAddress(prefix.address);
  return prefix.address.family === 6
    ? `${FRITZ}IPv6 Routes > New Route: IPv6 network ${address}, Prefix length ${prefix.length}, Gateway ${via}`
    : `${FRITZ}IPv4 Routes > New Route: Network ${address}, Subnet mask ${netmask(prefix)}, Gateway ${via}, active`;
}
