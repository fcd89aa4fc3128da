import { strict as assert } from 'node:assert';
import { AT, SIDE, type Balancer } from './balancer.ts';
import { until, type Check } from './check.ts';
import { startGuard } from './guard-of.ts';
import { all, FAMILIES, ONE_SERVER, seen } from './guarded-checks.ts';
import { startKeepalived } from './keepalived-of.ts';
import { endKeepalived, INCLUDING, keepalivedWay } from './ways.ts';

const { blocked, ordinary, site } = AT;

/** Runs a script of sh on page1. */
async function onPage(balancer: Balancer, script: string): Promise<void> {
  const done = await balancer.on('page1').run(['sh', '-e', '-c', script]);
  assert.equal(done.code, 0, done.stderr);
}

/** What a page server needs that answers for the site itself, as docs/page-servers.md says it. */
const NEEDS = {
  dr: `
    sysctl -qw net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2
    ip addr add ${site[4]}/32 dev lo
    ip addr add ${site[6]}/128 dev lo nodad`,
  tunnel: `
    $(cat /proc/sys/kernel/modprobe) -a ipip ip6_tunnel
    ip addr add ${site[4]}/32 dev tunl0
    ip link set tunl0 up
    ip addr add ${site[6]}/128 dev ip6tnl0 nodad
    ip link set ip6tnl0 up
    sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.tunl0.rp_filter=0`,
} as const;

const GOES = {
  dr: `ip addr del ${site[4]}/32 dev lo; ip addr del ${site[6]}/128 dev lo`,
  tunnel: `ip addr del ${site[4]}/32 dev tunl0; ip addr del ${site[6]}/128 dev ip6tnl0; ip link set tunl0 down; ip link set ip6tnl0 down`,
} as const;

const AROUND = `ip route replace default via ${SIDE[4]}; ip -6 route replace default via ${SIDE[6]}`;
const BACK = 'ip route replace default via 10.10.10.254; ip -6 route replace default via fd00:10::254';
const INVALID = 'INPUT -m conntrack --ctstate INVALID -j DROP';
const v4 = (balancer: Balancer): Promise<string> => balancer.visit(blocked[4], 80);

/** What must be so at a page server of each kind, beside answering: found where it is not. */
const DOES_NOT_WITHOUT: Readonly<Record<keyof typeof NEEDS, (balancer: Balancer) => Promise<void>>> = {
  // its answers, with an address of the director's own, are no good for that one to forward; connections of which it sees
  // one half are invalid
  dr: async (balancer) => {
    const { director } = balancer;
    await director.run(['iptables', '-A', ...INVALID.split(' ')]);
    assert.equal(await v4(balancer), 'timeout');
    await director.run(['iptables', '-D', ...INVALID.split(' ')]);
    await onPage(balancer, BACK);
    assert.equal(await v4(balancer), 'timeout');
    await director.run(['sysctl', '-qw', 'net.ipv4.conf.lan.accept_local=1']);
    assert.equal(await v4(balancer), 'page1');
    await director.run(['sysctl', '-qw', 'net.ipv4.conf.lan.accept_local=0']);
    await onPage(balancer, AROUND);
    await whoHas(balancer);
  },
  tunnel: async (balancer) => {
    await onPage(balancer, 'sysctl -qw net.ipv4.conf.tunl0.rp_filter=1');
    assert.equal(await v4(balancer), 'timeout');
    await onPage(balancer, 'sysctl -qw net.ipv4.conf.tunl0.rp_filter=0');
  },
};

/** Who of its link says by ARP that it has the site's address: the page server must not. */
async function whoHas(balancer: Balancer): Promise<void> {
  const script = `ip route replace ${site[4]}/32 dev eth0; ping -c1 -W1 ${site[4]} >/dev/null; ip neigh show ${site[4]}
    ip neigh flush to ${site[4]}; ip route del ${site[4]}/32 dev eth0`;
  const ask = async () => (await balancer.on('web').run(['sh', '-c', script])).stdout;
  // the director's own is on another interface
  await balancer.director.run(['sysctl', '-qw', 'net.ipv4.conf.lan.arp_ignore=1']);
  assert.doesNotMatch(await ask(), /lladdr/);
  await onPage(balancer, 'sysctl -qw net.ipv4.conf.all.arp_ignore=0');
  assert.match(await ask(), /lladdr/);
}

/** Page servers that get packets as they came, for the site's own address, and answer by another way. */
export const DIRECT_CHECKS: readonly Check[] = (['dr', 'tunnel'] as const).map((kind) => ({
  name: `keepalived, ${kind}: a page server answers for the site, by a way of its own`,
  run: async (balancer) => {
    await endKeepalived();
    await balancer.start('director');
    const keepalived = await startKeepalived(balancer, INCLUDING, 1);
    const guard = await startGuard(balancer, 'nft', keepalivedWay('nft', kind).delivery(ONE_SERVER));
    for (const family of FAMILIES) await guard.block(blocked[family]);
    await until(
      (said) => said.includes('are led to'),
      () => Promise.resolve(guard.said()),
    );
    assert.notEqual(await v4(balancer), 'page1');
    await onPage(balancer, `${NEEDS[kind]}\n${AROUND}`);
    assert.deepEqual(await seen(balancer, blocked), all('page'));
    assert.deepEqual(await seen(balancer, ordinary), all('welcome'));
    await DOES_NOT_WITHOUT[kind](balancer);
    for (const family of FAMILIES) await guard.unblock(`${blocked[family]}/${family === 4 ? 32 : 128}`);
    assert.deepEqual(await seen(balancer, blocked), all('welcome'));
    await guard.stop();
    await keepalived.stop();
    await onPage(balancer, `${GOES[kind]}\n${BACK}`);
    await balancer.stop('director');
  },
}));
