import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linuxMachine } from '../../src/host/index.ts';
import {
  buildLab,
  execInLab,
  listenerFor,
  planLab,
  predictedProbe,
  probeOnce,
  removeLab,
} from '../../src/lab/index.ts';
import type { Lab, Observation } from '../../src/lab/index.ts';
import type { Network } from '../../src/model/index.ts';
import { askFor } from '../../src/reach/index.ts';
import { roundTrip, type LearntRedirect, type RoundTrip } from '../../src/trace/index.ts';
import { whyNoLab } from '../support/lab-available.ts';
import { capture, type Capture } from '../support/lab-capture.ts';
import { networkFrom } from '../support/lab-network.ts';

const file = join(import.meta.dirname, 'openvpn-remote.yaml');
const reason = whyNoLab(['ip', 'nft', 'ping', 'openvpn', 'openssl', 'tcpdump']);
const machine = linuxMachine();
const run = randomBytes(4).toString('hex');
const TARGET = '10.5.5.20';
const REQUEST = /10\.8\.0\.2 > 10\.5\.5\.20: ICMP echo request/;
const REPLY = /10\.5\.5\.20 > 10\.8\.0\.2: ICMP echo reply/;

const routeOn = (host: string, gateway: string) => ({
  hosts: { [host]: { routes: [`default via ${gateway}`, '10.8.0.0/24 via 10.5.5.5'] } },
});
const onServer = routeOn('linux-server', '10.5.5.1');
const onRouter = routeOn('router', '203.0.113.1');
const believesNothing = {
  hosts: {
    'linux-server': { settings: { 'net.ipv4.conf.all.accept_redirects': 0, 'net.ipv4.conf.eth0.accept_redirects': 0 } },
  },
};
const dropsInvalid = {
  hosts: {
    router: {
      filter: ['*filter\n:FORWARD ACCEPT [0:0]\n-A FORWARD -m conntrack --ctstate INVALID -j DROP\nCOMMIT\n'],
    },
  },
};
const masquerades = {
  hosts: {
    'vpn-server': {
      iptables: '*nat\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -s 10.8.0.0/24 -o eth0 -j MASQUERADE\nCOMMIT\n',
    },
  },
};

interface Asked {
  readonly network: Network;
  readonly from?: string;
  readonly to: string;
  readonly protocol?: 'icmp' | 'tcp' | 'udp';
  readonly port?: number;
  readonly learnt?: readonly LearntRedirect[];
}

/** One probe for real; the model must say the same. */
async function ask(lab: Lab, asked: Asked): Promise<{ seen: Observation; trip: RoundTrip }> {
  const { network, from = 'client', to, protocol = 'icmp', port = 0, learnt = [] } = asked;
  const question = askFor(network, from, to, { protocol, port });
  if (!question.ok) throw new Error(question.message);
  const trip = roundTrip(network, learnt.length > 0 ? { ...question.value, redirects: learnt } : question.value);
  const first = await probeOnce(machine, lab, question.value, listenerFor(trip));
  expect(predictedProbe(trip)?.first, 'what the model says').toEqual(first);
  return { seen: first, trip };
}

const passes = (trip: RoundTrip, way: 'forward' | 'return', host: string): boolean =>
  trip[way]?.hops.some((h) => h.host === host) ?? false;

describe.skipIf(reason !== null)('OpenVPN remote access', () => {
  const base = networkFrom(file);
  const stateful = networkFrom(file, onRouter, dropsInvalid);
  let lab: Lab;
  let captures: Record<'target' | 'lan' | 'wan' | 'tun', Capture>;
  let learnt: readonly LearntRedirect[] = [];

  const on = async (host: string, command: string): Promise<string> => {
    const r = await execInLab(machine, lab, host, ['sh', '-c', command]);
    if (r.code !== 0) throw new Error(`${command}: ${r.stderr}`);
    return r.stdout;
  };
  const clear = (): void => Object.values(captures).forEach((c) => c.clear());
  const wayBack = (): Promise<string> => on('linux-server', 'ip route get 10.8.0.2');

  beforeAll(async () => {
    const built = await buildLab(machine, planLab(base, run));
    if (!built.value) throw new Error(built.diagnostics.map((d) => d.message).join('; '));
    lab = built.value;
    const [target, lan, wan, tun] = await Promise.all([
      capture(machine, lab, 'linux-server', 'eth0'),
      capture(machine, lab, 'router', 'eth0'),
      capture(machine, lab, 'router', 'wan'),
      capture(machine, lab, 'client', 'tun0'),
    ]);
    captures = { target, lan, wan, tun };
  });
  afterAll(async () => {
    await Promise.all(Object.values(captures ?? {}).map((c) => c.stop()));
    expect(await removeLab(machine, run)).toEqual([]);
  });

  describe('set up', () => {
    it('internet works from the office, masqueraded', async () => {
      const { seen } = await ask(lab, { network: base, from: 'linux-server', to: '198.51.100.10' });
      expect(seen).toMatchObject({ kind: 'answered' });
    });
    it('the client connects, and the port forward that it needs leads to the server', async () => {
      const log = await machine.readFile(`${lab.folder}/client-0-0.log`);
      expect(log.ok && log.value).toContain('Initialization Sequence Completed');
      const { seen, trip } = await ask(lab, { network: base, to: '203.0.113.2', protocol: 'udp', port: 1194 });
      expect([seen.kind, trip.to]).toEqual(['answered', 'vpn-server']);
    });
    it('the pushed route arrived', async () => {
      const log = await machine.readFile(`${lab.folder}/client-0-0.log`);
      expect(log.ok && log.value).toContain("'PUSH_REPLY,route 10.5.5.0 255.255.255.0,");
      expect(await on('client', 'ip route show 10.5.5.0/24')).toContain('via 10.8.0.1 dev tun0');
    });
    it("the client reaches the server's tunnel and office address", async () => {
      expect((await ask(lab, { network: base, to: '10.8.0.1' })).seen.kind).toBe('answered');
      expect((await ask(lab, { network: base, to: '10.5.5.5' })).seen.kind).toBe('answered');
    });
  });

  describe('the fault: nobody has the route back', () => {
    let trip: RoundTrip;
    it('a ping times out', async () => {
      clear();
      const asked = await ask(lab, { network: base, to: TARGET });
      trip = asked.trip;
      expect([asked.seen.kind, trip.return?.outcome]).toEqual(['timeout', 'private-on-internet']);
    });
    it('the request did reach the target, with its tunnel address', async () => {
      expect(await captures.target.saw(REQUEST)).toBe(true);
      expect(trip.forward.outcome).toBe('delivered');
    });
    it('the target answered to its default gateway', async () => {
      expect(await captures.lan.saw(REPLY)).toBe(true);
      expect(passes(trip, 'return', 'router')).toBe(true);
    });
    it('the router sent the answer out of its WAN side, untranslated', async () => {
      expect(await captures.wan.saw(REPLY)).toBe(true);
      expect(trip.return?.hops.at(-1)).toMatchObject({
        host: 'router',
        out: 'wan',
        after: { source: { w3: 0x0a050514 } },
      });
    });
    it('the internet dropped it', async () => {
      const carrier = lab.namespaces.find((n) => n.endsWith('-internet-carrier'))!;
      const rules = await machine.run([
        'ip',
        'netns',
        'exec',
        carrier,
        'nft',
        'list',
        'chain',
        'inet',
        'internet',
        'private',
      ]);
      expect(rules.stdout).toMatch(/counter packets [1-9]\d* bytes \d+ drop/);
    });
    it('nothing came back through the tunnel', () => {
      expect(captures.tun.count(REPLY)).toBe(0);
      expect(passes(trip, 'return', 'client')).toBe(false);
    });
    it('the kernel says so without traffic', async () => {
      expect(await wayBack()).toContain('via 10.5.5.1');
    });
  });

  describe('cure 1: the route on the target', () => {
    it('a ping works', async () => {
      await on('linux-server', 'ip route add 10.8.0.0/24 via 10.5.5.5');
      expect((await ask(lab, { network: networkFrom(file, onServer), to: TARGET })).seen.kind).toBe('answered');
    });
    it('the target sends by way of the VPN server', async () => {
      expect(await wayBack()).toContain('via 10.5.5.5');
    });
    it('without it the ping is lost again', async () => {
      await on('linux-server', 'ip route del 10.8.0.0/24 via 10.5.5.5');
      expect((await ask(lab, { network: base, to: TARGET })).seen.kind).toBe('timeout');
    });
  });

  describe('cure 2: the route on the router', () => {
    const network = networkFrom(file, onRouter);
    let trip: RoundTrip;
    it('a ping works', async () => {
      clear();
      await on('router', 'ip route add 10.8.0.0/24 via 10.5.5.5');
      const asked = await ask(lab, { network, to: TARGET });
      trip = asked.trip;
      expect(asked.seen.kind).toBe('answered');
    });
    it("the reply enters and leaves the router's office port", async () => {
      await machine.sleep(200);
      expect(captures.lan.count(REPLY)).toBe(2);
      expect(trip.return?.hops.find((h) => h.host === 'router')).toMatchObject({ in: 'eth0', out: 'eth0' });
    });
    it('the router tells the target to use 10.5.5.5', async () => {
      expect(
        await captures.target.saw(/10\.5\.5\.1 > 10\.5\.5\.20: ICMP redirect 10\.8\.0\.2 to (host|net) 10\.5\.5\.5/),
      ).toBe(true);
      expect(trip.learnt).toMatchObject([{ host: 'linux-server' }]);
      learnt = trip.learnt;
    });
    it('the target took the hint', async () => {
      expect(await wayBack()).toMatch(/via 10\.5\.5\.5[^]*redirected/);
    });
    it('a second ping works', async () => {
      clear();
      const asked = await ask(lab, { network, to: TARGET, learnt });
      trip = asked.trip;
      expect(asked.seen.kind).toBe('answered');
    });
    it('and no longer passes the router', async () => {
      await machine.sleep(200);
      expect(captures.lan.count(REPLY)).toBe(0);
      expect(passes(trip, 'return', 'router')).toBe(false);
    });
  });

  describe('cure 2 where redirects are refused', () => {
    const network = networkFrom(file, onRouter, believesNothing);
    let trips: RoundTrip[] = [];
    it('pings work', async () => {
      await on(
        'linux-server',
        'for d in all eth0; do echo 0 >/proc/sys/net/ipv4/conf/$d/accept_redirects; done; ip route flush cache',
      );
      clear();
      trips = [];
      for (let i = 0; i < 3; i++) {
        const { seen, trip } = await ask(lab, { network, to: TARGET });
        expect([seen.kind, trip.learnt]).toEqual(['answered', []]);
        trips.push(trip);
      }
    });
    it('and every reply goes through the router', async () => {
      await machine.sleep(300);
      expect(captures.lan.count(REPLY)).toBe(6);
      expect(trips.map((t) => passes(t, 'return', 'router'))).toEqual([true, true, true]);
    });
  });

  describe('cure 2 and a stateful router, which sees one half of the conversation', () => {
    // the router rations redirects for each address it tells them to: the addresses change
    it('TCP works over a router that lets everything through', async () => {
      const network = networkFrom(file, onRouter, believesNothing);
      expect((await ask(lab, { network, to: TARGET, protocol: 'tcp', port: 7443 })).seen.kind).toBe('answered');
    });
    it("with 'ct state invalid drop' a ping fails", async () => {
      await on(
        'router',
        "nft 'add table ip fw; add chain ip fw f { type filter hook forward priority 0; }; add rule ip fw f ct state invalid counter drop'",
      );
      const network = networkFrom(file, onRouter, believesNothing, dropsInvalid);
      const { seen, trip } = await ask(lab, { network, to: TARGET });
      expect([seen.kind, trip.return?.outcome, trip.return?.host]).toEqual(['timeout', 'filtered', 'router']);
    });
    it('the drop was counted', async () => {
      expect(await on('router', 'nft list chain ip fw f')).toMatch(/invalid counter packets [1-9]/);
    });
    it('redirects are believed again, and TCP still never connects', async () => {
      await on('linux-server', 'for d in all eth0; do echo 1 >/proc/sys/net/ipv4/conf/$d/accept_redirects; done');
      clear();
      const { seen, trip } = await ask(lab, { network: stateful, to: '10.5.5.21', protocol: 'tcp', port: 7443 });
      expect([seen.kind, trip.secondTry]).toEqual(['timeout', null]);
    });
    it('although redirects did arrive: a SYN-ACK does not heed them', async () => {
      expect(await captures.target.saw(/10\.5\.5\.1 > 10\.5\.5\.21: ICMP redirect 10\.8\.0\.2/)).toBe(true);
    });
    it('a ping loses its first answer', async () => {
      const { seen, trip } = await ask(lab, { network: stateful, to: '10.5.5.22' });
      expect([seen.kind, trip.secondTry?.verdict]).toEqual(['timeout', 'answered']);
      learnt = trip.learnt;
    });
    it('the target heeds the redirect, and the next one is answered', async () => {
      expect((await ask(lab, { network: stateful, to: '10.5.5.22', learnt })).seen.kind).toBe('answered');
    });
    it('and after the ping TCP works too', async () => {
      const { seen } = await ask(lab, { network: stateful, to: '10.5.5.21', protocol: 'tcp', port: 7443, learnt });
      expect(seen.kind).toBe('answered');
    });
  });

  describe('cure 3: no route anywhere, the VPN server masquerades', () => {
    it('a ping works', async () => {
      await on('router', 'nft delete table ip fw; ip route del 10.8.0.0/24');
      await on('linux-server', 'ip route flush cache');
      await on(
        'vpn-server',
        "nft 'add table ip v; add chain ip v post { type nat hook postrouting priority srcnat; }; add rule ip v post oifname eth0 ip saddr 10.8.0.0/24 masquerade'",
      );
      clear();
      expect((await ask(lab, { network: networkFrom(file, masquerades), to: TARGET })).seen.kind).toBe('answered');
    });
    it('the target sees 10.5.5.5', async () => {
      expect(await captures.target.saw(/10\.5\.5\.5 > 10\.5\.5\.20: ICMP echo request/)).toBe(true);
    });
  });

  describe('ip_forward off on the VPN server', () => {
    const off = networkFrom(file, onServer, { hosts: { 'vpn-server': { forwards: false } } });
    it('a ping to the target fails', async () => {
      await on('vpn-server', 'nft delete table ip v; echo 0 >/proc/sys/net/ipv4/ip_forward');
      await on('linux-server', 'ip route add 10.8.0.0/24 via 10.5.5.5');
      const { seen, trip } = await ask(lab, { network: off, to: TARGET });
      expect([seen.kind, trip.forward.outcome]).toEqual(['timeout', 'forwarding-off']);
    });
    it('while 10.5.5.5 still answers', async () => {
      expect((await ask(lab, { network: off, to: '10.5.5.5' })).seen.kind).toBe('answered');
    });
    it('back on, it works', async () => {
      await on('vpn-server', 'echo 1 >/proc/sys/net/ipv4/ip_forward');
      expect((await ask(lab, { network: networkFrom(file, onServer), to: TARGET })).seen.kind).toBe('answered');
    });
  });
});
