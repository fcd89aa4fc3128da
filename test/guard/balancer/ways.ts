import { strict as assert } from 'node:assert';
import type { Balancer } from './balancer.ts';
import { INCLUDE } from './guard-of.ts';
import { SERVERS, type GuardedWay } from './guarded-checks.ts';
import { KEEPALIVED, SITE_SERVICES, startKeepalived, type Keepalived } from './keepalived-of.ts';

/** The site's own addresses are translated to its server, by rules that are nobody's business. */
const SITE_RULES = `table inet site
delete table inet site
table inet site {
	chain prerouting {
		type nat hook prerouting priority dstnat;
		ip daddr 203.0.113.80 tcp dport { 80, 443 } dnat ip to 10.10.10.9
		ip6 daddr 2001:db8:80::80 tcp dport { 80, 443 } dnat ip6 to fd00:10::9
	}
}
`;

async function nft({ director }: Balancer, text: string): Promise<void> {
  const done = await director.run(['nft', '-f', '-'], { stdin: text });
  assert.equal(done.code, 0, done.stderr);
}

/** Page servers behind this machine, without Keepalived. */
export const localWay = (engine: 'nft' | 'iptables'): GuardedWay => ({
  name: `local, ${engine}`,
  engine,
  delivery: (gone) => `{ way: local, gone: ${gone}, servers: ${SERVERS} }`,
  begin: (balancer) => nft(balancer, SITE_RULES),
  left: () => Promise.resolve(),
});

let keepalived: Keepalived | null = null;

/** The same by marks, with the Keepalived that balances the site. */
export const keepalivedWay = (engine: 'nft' | 'iptables'): GuardedWay => ({
  name: `keepalived, ${engine}`,
  engine,
  delivery: (gone) => `{ way: keepalived, gone: ${gone}, servers: ${SERVERS}, keepalived: { ${FILES}, every: 1 } }`,
  begin: async (balancer) => {
    keepalived ??= await startKeepalived(balancer, `${SITE_SERVICES}include ${INCLUDE}\n`, 8);
  },
  left: async ({ director }) =>
    assert.equal((await director.run(['cat', '/proc/sys/net/ipv4/vs/conntrack'])).stdout, '0\n'),
});

const FILES = `include: ${INCLUDE}, config: ${KEEPALIVED.config}, pid: ${KEEPALIVED.pid}`;
