import { formatAddress, type Family } from '../../ip/index.ts';
import type { Delivery, PageServer } from './engine.ts';

/** Rules of the chain that leads a blocked visitor's new connections to the page, and of the one that ends all others. */
export interface LeadRules {
  readonly page: readonly string[];
  readonly end: readonly string[];
}

const REFUSE_UDP = 'meta l4proto udp reject with icmpx port-unreachable';
const NOTHING: LeadRules = { page: [], end: [] };
const REFUSED: LeadRules = { page: [], end: ['meta l4proto tcp reject with tcp reset', REFUSE_UDP] };

/** The rules of a family, for those page servers that answer. */
export function leadRules({ ports, way, gone }: Delivery, family: Family, alive: readonly PageServer[]): LeadRules {
  if (way.kind === 'here') return { ...REFUSED, page: ports.map((p) => `tcp dport ${p.site} redirect to :${p.page}`) };
  const servers = alive.filter((s) => s.address.family === family);
  // a mark without a virtual server leads to the site
  if (servers.length === 0) return gone === 'open' ? NOTHING : REFUSED;
  if (way.kind === 'mark') return markRules(way.mark);
  const to = `${family === 4 ? 'ip' : 'ip6'} to ${spread(servers)}`;
  return { ...REFUSED, page: ports.map((p) => `tcp dport ${p.site} dnat ${to}:${p.page}`) };
}

/**
 * IPVS looks a connection up before it looks at the mark, so one that is open stays with the site: what did not begin under
 * the mark is reset. Only with net.ipv4.vs.conntrack=1 such a connection is ever `established` (Linux,
 * Documentation/networking/ipvs-sysctl.rst).
 */
const markRules = (mark: number): LeadRules => ({
  page: [`tcp flags & (syn | ack) == syn ct mark set ${mark}`, `meta mark set ${mark}`],
  end: [`meta l4proto tcp ct state established ct mark != ${mark} reject with tcp reset`, REFUSE_UDP],
});

/** In turn, each as often as its weight says. */
function spread(servers: readonly PageServer[]): string {
  let next = 0;
  const elements = servers.map(({ address, weight }) => {
    const [first, last] = [next, (next += weight) - 1];
    return `${first === last ? first : `${first}-${last}`} : ${formatAddress(address)}`;
  });
  return `numgen inc mod ${next} map { ${elements.join(', ')} }`;
}
