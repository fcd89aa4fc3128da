import { strict as assert } from 'node:assert';
import type { Check } from './check.ts';
import { until } from './check.ts';
import { AT, type Balancer } from './balancer.ts';
import { KEEPALIVED, SITE_SERVICES, startKeepalived, type Keepalived } from './keepalived-of.ts';

/** As people write it: with a line that Keepalived refuses and one that it ignores. */
const CONFIG = `virtual_server fwmark 2000 {
    delay_loop 2
    lb_algo wlc
    lb_kind NAT
    persistence_timeout 0
    protocol TCP

    real_server 10.10.10.1 80 {
        weight 1
        TCP_CHECK {
            connect_port 80
            connect_timeout 3
        }
    }
    real_server 10.10.10.2 80 {
        weight 1
        TCP_CHECK {
            connect_port 80
            connect_timeout 3
        }
    }
}
`;

const RULE = '-i eth0 -p tcp -s 1.2.3.4 --dport http -j MARK --set-mark 2000'.split(' ');
const { blocked, ordinary } = AT;

let keepalived: Keepalived;
const iptables = async ({ director }: Balancer, verb: '-A' | '-D'): Promise<void> => {
  const done = await director.run(['iptables', '-t', 'mangle', verb, 'PREROUTING', ...RULE]);
  assert.equal(done.code, 0, done.stderr);
};
const asked = async (balancer: Balancer, from: string, times: number): Promise<readonly string[]> => {
  const words: string[] = [];
  for (let i = 0; i < times; i++) words.push(await balancer.visit(from, 80));
  return words;
};

/** A rule of iptables that marks, and a Keepalived whose virtual server has the mark; both by hand. */
export const BLOG_CHECKS: readonly Check[] = [
  {
    name: 'by hand: Keepalived says what it does not take of the configuration, and runs it all the same',
    run: async (balancer) => {
      await balancer.director.writeFile(KEEPALIVED.config, CONFIG);
      const tested = await balancer.director.run(['keepalived', '-t', '-f', KEEPALIVED.config]);
      assert.equal(tested.code, 5);
      assert.match(tested.stderr, /number '0' outside range \[1, 2678400\]\n.*persistence_timeout invalid/);
      assert.match(tested.stderr, /protocol specified for fwmark - protocol will be ignored/);
      keepalived = await startKeepalived(balancer, CONFIG + SITE_SERVICES, 11);
    },
  },
  {
    name: 'by hand: a marked visitor sees the page, everybody else the site',
    run: async (balancer) => {
      assert.equal(await balancer.visit(blocked[4], 80), 'welcome');
      await iptables(balancer, '-A');
      assert.match(await balancer.visit(blocked[4], 80), /^page/);
      assert.equal(await balancer.visit(ordinary[4], 80), 'welcome');
      assert.equal(await balancer.visit(blocked[4], 443), 'welcome');
    },
  },
  {
    name: 'by hand: both page servers are used',
    run: async (balancer) => {
      assert.deepEqual([...new Set(await asked(balancer, blocked[4], 4))].sort(), ['page1', 'page2']);
    },
  },
  {
    name: 'by hand: one page server dies, and the other takes over',
    run: async (balancer) => {
      await balancer.stop('page1');
      await until(
        (text) => !text.includes('10.10.10.1:'),
        () => keepalived.ipvs(),
      );
      assert.deepEqual(await asked(balancer, blocked[4], 3), ['page2', 'page2', 'page2']);
      await balancer.start('page1');
      await until(
        (text) => text.includes('10.10.10.1:'),
        () => keepalived.ipvs(),
      );
    },
  },
  {
    name: 'by hand: a connection that was open stays with the site; a new one gets it back when the rule goes',
    run: async (balancer) => {
      await iptables(balancer, '-D');
      const again = await balancer.open(blocked[4], 80);
      await iptables(balancer, '-A');
      assert.equal(await again(), 'welcome');
      assert.match(await balancer.visit(blocked[4], 80), /^page/);
      await iptables(balancer, '-D');
      assert.equal(await balancer.visit(blocked[4], 80), 'welcome');
    },
  },
  {
    name: 'by hand: a Keepalived that stops takes the page away, and the site that it balanced',
    run: async (balancer) => {
      await iptables(balancer, '-A');
      await keepalived.stop();
      assert.equal(await keepalived.ipvs(), '');
      assert.equal(await balancer.visit(blocked[4], 80), 'ECONNREFUSED');
      assert.equal(await balancer.visit(ordinary[4], 80), 'ECONNREFUSED');
      await iptables(balancer, '-D');
    },
  },
];
