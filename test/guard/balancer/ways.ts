import { strict as assert } from 'node:assert';
import type { Balancer } from './balancer.ts';
import { until, type Check } from './check.ts';
import { INCLUDE, startGuard } from './guard-of.ts';
import type { GuardedWay } from './guarded-checks.ts';
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
  delivery: (more) => `{ way: local, ${more} }`,
  begin: (balancer) => nft(balancer, SITE_RULES),
  left: () => Promise.resolve(),
});

let keepalived: Keepalived | null = null;

/** The same by marks, with the Keepalived that balances the site. */
export const keepalivedWay = (engine: 'nft' | 'iptables', kind: 'nat' | 'dr' | 'tunnel' = 'nat'): GuardedWay => ({
  name: `keepalived, ${engine}`,
  engine,
  delivery: (more) => `{ way: keepalived, ${more}, keepalived: { ${FILES}, every: 1, kind: ${kind} } }`,
  begin: async (balancer) => {
    keepalived ??= await startKeepalived(balancer, `${SITE_SERVICES}include ${INCLUDE}\n`, 8);
  },
  left: async ({ director }) =>
    assert.equal((await director.run(['cat', '/proc/sys/net/ipv4/vs/conntrack'])).stdout, '0\n'),
});

/** Stops the Keepalived that the way started. */
export async function endKeepalived(): Promise<void> {
  await keepalived?.stop();
  keepalived = null;
}

/** A configuration of Keepalived with nothing but what the guard gives it. */
export const INCLUDING = `include ${INCLUDE}\n`;

const FILES = `include: ${INCLUDE}, config: ${KEEPALIVED.config}, pid: ${KEEPALIVED.pid}`;

const reloads = (): number => keepalived!.said().match(/Reloading/g)?.length ?? 0;

/** What concerns marks and Keepalived alone, where it runs already. */
export const KEEPALIVED_CHECKS: readonly Check[] = [
  {
    name: 'keepalived: it is told of page servers once, and never of decisions',
    run: async (balancer) => {
      const { director } = balancer;
      const before = reloads();
      const servers = 'servers: [{ address: 10.10.10.1 }]';
      const guard = await startGuard(balancer, 'nft', keepalivedWay('nft').delivery(servers));
      await until(
        (text) => text.includes('led to 10.10.10.1'),
        () => Promise.resolve(guard.said()),
      );
      // each of its processes says so
      await director.sleep(2000);
      const told = reloads();
      assert(told > before);
      for (let i = 1; i < 50; i++) await guard.block(`192.0.2.${i}`);
      for (let i = 1; i < 50; i++) await guard.unblock(`192.0.2.${i}/32`);
      await director.sleep(1000);
      assert.equal(reloads(), told);
      await guard.stop();
    },
  },
  {
    name: 'keepalived: a mark that somebody else gives is refused, and nothing is left behind',
    run: async (balancer) => {
      const { director } = balancer;
      const rule = 'PREROUTING -s 192.0.2.1 -j MARK --set-mark 2000'.split(' ');
      await director.run(['iptables', '-t', 'mangle', '-A', ...rule]);
      const servers = 'servers: [{ address: 10.10.10.1 }]';
      const before = await director.run(['cat', INCLUDE]);
      await assert.rejects(startGuard(balancer, 'nft', keepalivedWay('nft').delivery(servers)), /mark-taken/);
      assert.equal((await director.run(['cat', INCLUDE])).stdout, before.stdout);
      assert.doesNotMatch((await director.run(['nft', 'list', 'ruleset'])).stdout, /waymark/);
      await keepalivedWay('nft').left(balancer);
      await director.run(['iptables', '-t', 'mangle', '-D', ...rule]);
    },
  },
];
