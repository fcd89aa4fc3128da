import type { Family } from '../../ip/index.ts';
import type { Delivery } from './engine.ts';
import { setName } from './ipset-text.ts';

/** A chain of the engine's own, and the chain of the kernel's from which it is entered. */
export interface OwnChain {
  readonly table: 'nat' | 'filter';
  readonly name: string;
  readonly from: 'PREROUTING' | 'INPUT' | 'FORWARD';
}

/** All own chains that are entered from one of the kernel's. */
export const OWN_CHAINS: readonly OwnChain[] = [
  { table: 'nat', name: 'WAYMARK-PAGE', from: 'PREROUTING' },
  { table: 'filter', name: 'WAYMARK-IN', from: 'INPUT' },
  { table: 'filter', name: 'WAYMARK-REST', from: 'FORWARD' },
];

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
export function rulesText(family: Family, { ports }: Delivery): string {
  const from = (purpose: Parameters<typeof setName>[0]): string => `-m set --match-set ${setName(purpose, family)} src`;
  const site = ports.map((p) => p.site).join(',');
  const page = ports.map((p) => p.page).join(',');
  const { tcp, port, prohibited } = refusals(family);
  const lead = ports.map(
    (p) => `-A WAYMARK-PAGE -p tcp --dport ${p.site} ${from('page')} -j REDIRECT --to-ports ${p.page}`,
  );
  return `*nat
:WAYMARK-PAGE - [0:0]
-A WAYMARK-PAGE ${from('allowed')} -j RETURN
${lead.join('\n')}
COMMIT
*filter
:WAYMARK-IN - [0:0]
:WAYMARK-REST - [0:0]
-A WAYMARK-IN -p tcp -m multiport --dports ${page} -m conntrack ! --ctstate DNAT -j ${tcp}
-A WAYMARK-IN -j WAYMARK-REST
-A WAYMARK-REST -m conntrack --ctdir REPLY -j RETURN
-A WAYMARK-REST ${from('allowed')} -j RETURN
-A WAYMARK-REST -p tcp -m multiport --dports ${page} -m conntrack --ctstate DNAT -j RETURN
-A WAYMARK-REST -p tcp -m multiport --dports ${site} ${from('page')} -j ${tcp}
-A WAYMARK-REST -p udp -m multiport --dports ${site} ${from('page')} -j ${port}
-A WAYMARK-REST -p tcp ${from('reset')} -j ${tcp}
-A WAYMARK-REST ${from('reset')} -j ${port}
-A WAYMARK-REST ${from('prohibit')} -j ${prohibited}
-A WAYMARK-REST ${from('drop')} -j DROP
COMMIT
`;
}
