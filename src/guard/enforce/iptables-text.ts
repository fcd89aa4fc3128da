import { formatAddress, type Family } from '../../ip/index.ts';
import type { Delivery, PageServer, Way } from './engine.ts';
import { leadRules } from './iptables-lead.ts';
import { setName } from './ipset-text.ts';

/** A chain of the engine's own. */
export interface OwnChain {
  readonly table: Table;
  readonly name: string;
  /** The chain of the kernel's from which it is entered. */
  readonly from: 'PREROUTING' | 'INPUT' | 'FORWARD';
}

type Table = 'nat' | 'mangle' | 'filter';

/** The table whose rules lead to the page. */
const leadTable = (way: Way): Table => (way.kind === 'mark' ? 'mangle' : 'nat');

/** The own chains that are entered from one of the kernel's. */
export const enteredChains = (way: Way): readonly OwnChain[] => [
  { table: leadTable(way), name: 'WAYMARK-PAGE', from: 'PREROUTING' },
  { table: 'filter', name: 'WAYMARK-IN', from: 'INPUT' },
  { table: 'filter', name: 'WAYMARK-REST', from: 'FORWARD' },
];

/** Chains that any run may have left, in an order in which they can be taken away. */
export const ALL_CHAINS: Readonly<Record<Table, readonly string[]>> = {
  nat: ['WAYMARK-PAGE', 'WAYMARK-LEAD'],
  mangle: ['WAYMARK-PAGE', 'WAYMARK-LEAD'],
  filter: ['WAYMARK-IN', 'WAYMARK-REST', 'WAYMARK-END'],
};

/** `-j`, and how a packet is refused. */
function refusals(family: Family): { readonly tcp: string; readonly port: string; readonly prohibited: string } {
  const [port, prohibited] =
    family === 4
      ? ['icmp-port-unreachable', 'icmp-admin-prohibited']
      : ['icmp6-port-unreachable', 'icmp6-adm-prohibited'];
  const reject = (how: string): string => `REJECT --reject-with ${how}`;
  return { tcp: reject('tcp-reset'), port: reject(port), prohibited: reject(prohibited) };
}

/** The own chains with their rules, for `iptables-restore --noflush`: nothing of others is changed. */
export function rulesText(family: Family, delivery: Delivery, alive: readonly PageServer[]): string {
  const { ports, way } = delivery;
  const from = (purpose: Parameters<typeof setName>[0]): string => `-m set --match-set ${setName(purpose, family)} src`;
  const site = ports.map((p) => p.site).join(',');
  const page = ports.map((p) => p.page).join(',');
  const { tcp, port, prohibited } = refusals(family);
  const { lead, end } = leadChains(delivery, family, alive);
  // the port that the visitor asked for, whoever else translated it
  const open = ['tcp', 'udp'].flatMap((protocol) =>
    ports.map((p) => `-p ${protocol} -m conntrack --ctorigdstport ${p.site} ${from('page')} -g WAYMARK-END`),
  );
  const guarded = `-p tcp -m multiport --dports ${page} -m conntrack ! --ctstate DNAT -j ${tcp}`;
  return `*${leadTable(way)}
:WAYMARK-PAGE - [0:0]
${lead}-A WAYMARK-PAGE ${from('allowed')} -j RETURN
-A WAYMARK-PAGE -p tcp -m multiport --dports ${site} ${from('page')} -j WAYMARK-LEAD
COMMIT
*filter
:WAYMARK-IN - [0:0]
:WAYMARK-REST - [0:0]
${end}${way.kind === 'here' ? `-A WAYMARK-IN ${guarded}\n` : ''}-A WAYMARK-IN -j WAYMARK-REST
-A WAYMARK-REST -m conntrack --ctdir REPLY -j RETURN
-A WAYMARK-REST ${from('allowed')} -j RETURN
${rules('WAYMARK-REST', [...ledRules(way, page, family), ...open])}-A WAYMARK-REST -p tcp ${from('reset')} -j ${tcp}
-A WAYMARK-REST ${from('reset')} -j ${port}
-A WAYMARK-REST ${from('prohibit')} -j ${prohibited}
-A WAYMARK-REST ${from('drop')} -j DROP
COMMIT
`;
}

/** Leads to those page servers instead of those before; each table in one transaction. */
export function leadText(family: Family, delivery: Delivery, alive: readonly PageServer[]): string {
  const { lead, end } = leadChains(delivery, family, alive);
  // a chain that is named here is emptied first
  return `*${leadTable(delivery.way)}\n${lead}COMMIT\n*filter\n${end}COMMIT\n`;
}

function leadChains(delivery: Delivery, family: Family, alive: readonly PageServer[]): { lead: string; end: string } {
  const { page, end } = leadRules(delivery, family, alive);
  return {
    lead: `:WAYMARK-LEAD - [0:0]\n${rules('WAYMARK-LEAD', page)}`,
    end: `:WAYMARK-END - [0:0]\n${rules('WAYMARK-END', end)}`,
  };
}

const rules = (chain: string, lines: readonly string[]): string => lines.map((l) => `-A ${chain} ${l}\n`).join('');

/** Lets those pass that were led to the page. */
function ledRules(way: Way, page: string, family: Family): readonly string[] {
  const led = `-p tcp -m multiport --dports ${page} -m conntrack --ctstate DNAT -j RETURN`;
  if (way.kind === 'mark') return [];
  if (way.kind === 'here') return [led];
  const own = way.servers.filter((s) => s.address.family === family);
  return own.map((s) => `-d ${formatAddress(s.address)} ${led}`);
}
