import { formatAddress, isPrivate, type Address, type Family } from '../ip/index.ts';
import type { Host } from '../model/index.ts';
import { ipLine, type IpLine } from './ip-line.ts';
import type { BoxPlan, PlannedSetting } from './lab-plan.ts';
import { firstSettings } from './plan-settings.ts';
import { carriersOf, type Cable } from './plan-wiring.ts';

/** What no provider carries: the blocks of `isPrivate` that can come over a cable. */
export const NOT_CARRIED = {
  4: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '169.254.0.0/16', '127.0.0.0/8'],
  6: ['fc00::/7', 'fe80::/10'],
} as const;

const SINK = 'sink';

/**
 * The box that is the internet: every host on it hangs on a cable of its own. It answers for every next hop (proxy ARP,
 * and neighbour proxies for IPv6), brings a packet to the host that has its destination, whatever the prefixes, drops
 * private addresses in prerouting, and swallows what nobody has. It sends nothing of its own.
 */
export function internetBox(namespace: string, cables: readonly Cable[]): BoxPlan {
  const ports = cables.map((c) => c.port);
  const settings = settingsOf(ports);
  return {
    namespace,
    first: firstSettings(),
    ip: [
      ipLine`link set lo up`,
      ipLine`link add ${SINK} type veth peer name ${SINK}-end`,
      ipLine`link set ${SINK}-end up`,
      ipLine`link set ${SINK} up`,
      ...ports.flatMap((p) => [ipLine`link set ${p} mtu 65535`]),
      ...cables.filter((c) => c.dev.carrier).map((c) => ipLine`link set ${c.port} up`),
      ...routeLines(cables, 4),
      ipLine`route add default dev ${SINK}`,
    ],
    ip6: [
      ...routeLines(cables, 6),
      ipLine`route add default dev ${SINK}`,
      ...cables.flatMap((c) => proxyLines(c, cables)),
    ],
    carriers: carriersOf(cables),
    settings,
    mustHold: new Set(settings.map(([key]) => key)),
    ruleset: RULESET,
  };
}

const RULESET = `table inet internet {
	chain private { type filter hook prerouting priority -300; policy accept;
		icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
		ip saddr { ${NOT_CARRIED[4].join(', ')} } counter drop
		ip daddr { ${NOT_CARRIED[4].join(', ')} } counter drop
		ip6 saddr { ${NOT_CARRIED[6].join(', ')} } counter drop
		ip6 daddr { ${NOT_CARRIED[6].join(', ')} } counter drop
	}
	chain nobody { type filter hook forward priority 0; policy accept;
		oifname "${SINK}" counter drop
	}
}
`;

function settingsOf(ports: readonly string[]): readonly PlannedSetting[] {
  const each = [...ports, SINK].flatMap((dev): PlannedSetting[] => [
    [`ipv4/conf/${dev}/forwarding`, '1'],
    [`ipv4/conf/${dev}/proxy_arp`, '1'],
    [`ipv4/conf/${dev}/rp_filter`, '0'],
    [`ipv4/conf/${dev}/send_redirects`, '0'],
    // else an answer waits up to 0.8 seconds
    [`ipv4/neigh/${dev}/proxy_delay`, '0'],
    [`ipv6/conf/${dev}/forwarding`, '1'],
    [`ipv6/conf/${dev}/proxy_ndp`, '1'],
    [`ipv6/neigh/${dev}/proxy_delay`, '0'],
  ]);
  return [
    ['ipv4/ip_forward', '1'],
    ['ipv6/conf/all/forwarding', '1'],
    ['ipv4/conf/all/rp_filter', '0'],
    ['ipv4/conf/all/send_redirects', '0'],
    ...each,
  ];
}

const publicOf = (host: Host, family: Family): readonly Address[] =>
  host.interfaces.flatMap((i) => i.addresses.map((a) => a.address)).filter((a) => a.family === family && !isPrivate(a));

function routeLines(cables: readonly Cable[], family: Family): readonly IpLine[] {
  return cables.flatMap(({ host, port }) =>
    publicOf(host, family).map((a) => ipLine`route replace ${formatAddress(a)}/${family === 4 ? 32 : 128} dev ${port}`),
  );
}

/** IPv6 proxies answer for named addresses only: the next hops that the host uses there, and everybody's addresses. */
function proxyLines({ host, dev, port }: Cable, cables: readonly Cable[]): readonly IpLine[] {
  const gateways = host.routes
    .flatMap((r) => r.nexthops)
    .flatMap((hop) => (hop.dev === dev.name && hop.via?.family === 6 ? [hop.via] : []));
  const others = cables.filter((c) => c.host !== host).flatMap((c) => publicOf(c.host, 6));
  const all = new Set([...gateways, ...others].map(formatAddress));
  return [...all].map((a) => ipLine`neigh add proxy ${a} dev ${port}`);
}
