import { formatAddress, type Family } from '../../ip/index.ts';
import type { Delivery, PageServer } from './engine.ts';

/** What a family's chains do, without their names: `-p tcp … -j …`. */
export interface LeadRules {
  /** With a blocked visitor's packets to the site's ports: leads them to the page. */
  readonly page: readonly string[];
  /** With what was not led there: ends it. */
  readonly end: readonly string[];
}

const NOTHING: LeadRules = { page: [], end: [] };

/** The rules of a family, for those page servers that answer. */
export function leadRules({ ports, way, gone }: Delivery, family: Family, alive: readonly PageServer[]): LeadRules {
  const udp = `-p udp -j REJECT --reject-with ${family === 4 ? 'icmp-port-unreachable' : 'icmp6-port-unreachable'}`;
  const end = ['-p tcp -j REJECT --reject-with tcp-reset', udp];
  if (way.kind === 'here')
    return { end, page: ports.map((p) => `-p tcp --dport ${p.site} -j REDIRECT --to-ports ${p.page}`) };
  const servers = alive.filter((s) => s.address.family === family);
  // a mark without a virtual server leads to the site
  if (servers.length === 0) return gone === 'open' ? NOTHING : { page: [], end };
  if (way.kind === 'mark') return { page: markRules(way.mark), end: [beforeTheMark(way.mark), udp] };
  return { end, page: ports.flatMap(({ site, page }) => spread(servers, site, page)) };
}

const markRules = (mark: number): readonly string[] => [
  `-p tcp --syn -j CONNMARK --set-mark ${mark}`,
  `-j MARK --set-mark ${mark}`,
];

/** IPVS keeps a connection that is open where it is; only with net.ipv4.vs.conntrack=1 it is ever ESTABLISHED. */
const beforeTheMark = (mark: number): string =>
  `-p tcp -m conntrack --ctstate ESTABLISHED -m connmark ! --mark ${mark} -j REJECT --reject-with tcp-reset`;

/** Each takes its part of what those before it left. */
function spread(servers: readonly PageServer[], site: number, page: number): readonly string[] {
  let left = servers.reduce((sum, s) => sum + s.weight, 0);
  return servers.map(({ address, weight }, i) => {
    const isLast = i === servers.length - 1;
    const part = isLast ? '' : ` -m statistic --mode random --probability ${(weight / left).toFixed(6)}`;
    left -= weight;
    const to = address.family === 4 ? formatAddress(address) : `[${formatAddress(address)}]`;
    return `-p tcp --dport ${site}${part} -j DNAT --to-destination ${to}:${page}`;
  });
}
