import { describe, expect, it } from 'vitest';
import type { RoundTrip } from '../../src/trace/index.ts';
import { whyNoLab } from '../support/lab-available.ts';
import { branchNetwork, machine, without, type Difference } from './branch-network.ts';
import { watchedLab } from './watched-lab.ts';

const reason = whyNoLab(['ip', 'nft', 'ping', 'openvpn', 'openssl', 'tcpdump', 'nstat']);
const THERE = /10\.5\.5\.20 > 192\.168\.50\.20: ICMP echo request/;
const FROM_BRANCH = /192\.168\.50\.20 > 10\.5\.5\.20: ICMP echo request/;
const BRANCH_ANSWERS = /192\.168\.50\.20 > 10\.5\.5\.20: ICMP echo reply/;
const OFFICE_ANSWERS = /10\.5\.5\.20 > 192\.168\.50\.20: ICMP echo reply/;
const BAD_SOURCE = 'MULTI: bad source address from client [192.168.50.20], packet dropped';
const ALL = ['vpn-server', 'branch-gateway', 'router', 'branch-router', 'linux-server', 'branch-pc'];

/** The example with a second card on the server, by which its default route leads where that is asked. */
const withSecondCard = {
  networks: { dmz: '10.6.6.0/24' },
  hosts: {
    router: { on: { dmz: { addresses: '10.6.6.1', interface: 'lan2' } } },
    'linux-server': { on: { dmz: '10.6.6.20' } },
  },
};
const each = (hosts: readonly string[], value: unknown): Difference => ({
  overlay: { hosts: Object.fromEntries(hosts.map((h) => [h, value])) },
});
const strict = (dev: string, value: number): unknown => ({ settings: { [`net.ipv4.conf.${dev}.rp_filter`]: value } });
const noRoute = { files: without('server.conf', /^route .*\n/m) };

const sees = (trip: RoundTrip, way: 'forward' | 'return', host: string, dev: string, side: 'in' | 'out'): boolean =>
  trip[way]?.hops.some((h) => h.host === host && h[side] === dev) ?? false;

describe.skipIf(reason !== null)('OpenVPN site to site', () => {
  describe('with a kernel route and an iroute', () => {
    const lab = watchedLab(
      {},
      {
        linux: ['linux-server', 'eth0'],
        tunnel: ['branch-gateway', 'tun0'],
        lan: ['branch-gateway', 'eth0'],
        pc: ['branch-pc', 'eth0'],
        branchWan: ['branch-router', 'wan'],
        officeWan: ['router', 'wan'],
        server: ['vpn-server', 'eth0'],
        serverTunnel: ['vpn-server', 'tun0'],
      },
    );
    const { network } = lab;
    let trip: RoundTrip;

    describe('the complete recipe', () => {
      it("the server learnt the client's LAN", async () => {
        expect(await lab.log()).toContain('MULTI: Learn: 192.168.50.0/24 -> branch');
      });
      it.each([
        ['branch-pc', '10.5.5.20'],
        ['linux-server', '192.168.50.20'],
        ['branch-gateway', '10.5.5.20'],
        ['vpn-server', '192.168.50.20'],
      ])('%s -> %s', async (from, to) => {
        expect((await lab.ask(network, from, to)).kind).toBe('answered');
      });
      it('no NAT: the server sees 192.168.50.20', async () => {
        ({ trip } = await lab.ask(network, 'branch-pc', '10.5.5.20'));
        expect(await lab.saw('linux', FROM_BRANCH)).toBe(true);
        expect(trip.forward.hops.at(-1)!.after.source).toEqual(trip.flow.source);
      });
      it.each([
        ['linux-server', '192.168.50.20'],
        ['branch-pc', '10.5.5.20'],
      ])('rp_filter=1 on every host: %s -> %s still works', async (from, to) => {
        await Promise.all(ALL.map((h) => lab.sourceCheck(h, '*', 1)));
        const model = branchNetwork(each(ALL, strict('all', 1)));
        expect((await lab.ask(model, from, to)).kind).toBe('answered');
        await Promise.all(ALL.map((h) => lab.sourceCheck(h, '*', 0)));
      });
    });

    describe("the client's ip_forward is 0", () => {
      const model = branchNetwork(each(['branch-gateway'], { forwards: false }));
      it('server LAN -> client LAN fails', async () => {
        await lab.on('branch-gateway', 'echo 0 >/proc/sys/net/ipv4/ip_forward');
        const asked = await lab.ask(model, 'linux-server', '192.168.50.20');
        trip = asked.trip;
        expect([asked.kind, trip.forward.outcome]).toEqual(['timeout', 'forwarding-off']);
      });
      it('the request came out of the tunnel', async () => {
        expect(await lab.saw('tunnel', THERE)).toBe(true);
        expect(sees(trip, 'forward', 'branch-gateway', 'tun0', 'in')).toBe(true);
      });
      it('and was not forwarded', () => {
        expect(lab.count('lan', THERE)).toBe(0);
        expect(sees(trip, 'forward', 'branch-gateway', 'eth0', 'out')).toBe(false);
      });
      it('the client itself still reaches the server LAN', async () => {
        expect((await lab.ask(model, 'branch-gateway', '10.5.5.20')).kind).toBe('answered');
      });
      it('the kernel says so without traffic', async () => {
        expect(await lab.on('branch-gateway', 'ip route get 192.168.50.20 from 10.5.5.20 iif tun0')).toContain('No route to host'); // prettier-ignore
        await lab.on('branch-gateway', 'echo 1 >/proc/sys/net/ipv4/ip_forward');
      });
    });

    describe("no return route in the client's LAN", () => {
      const model = branchNetwork(each(['branch-router'], { routes: ['default via 198.51.100.1'] }));
      it('server LAN -> client LAN fails', async () => {
        await lab.on('branch-router', 'ip route del 10.5.5.0/24; ip route del 10.8.0.0/24');
        const asked = await lab.ask(model, 'linux-server', '192.168.50.20');
        trip = asked.trip;
        expect([asked.kind, trip.return?.outcome]).toEqual(['timeout', 'private-on-internet']);
      });
      it('the host did get the request', async () => {
        expect(await lab.saw('pc', THERE)).toBe(true);
        expect(trip.forward.outcome).toBe('delivered');
      });
      it('its answer left for the internet', async () => {
        expect(await lab.saw('branchWan', BRANCH_ANSWERS)).toBe(true);
        expect(sees(trip, 'return', 'branch-router', 'wan', 'out')).toBe(true);
        await lab.on('branch-router', 'ip route add 10.5.5.0/24 via 192.168.50.5; ip route add 10.8.0.0/24 via 192.168.50.5'); // prettier-ignore
      });
    });

    describe("no return route in the server's LAN", () => {
      const model = branchNetwork(each(['router'], { routes: ['default via 203.0.113.1'] }));
      it('client LAN -> server LAN fails', async () => {
        await lab.on('router', 'ip route del 192.168.50.0/24; ip route del 10.8.0.0/24');
        const asked = await lab.ask(model, 'branch-pc', '10.5.5.20');
        trip = asked.trip;
        expect([asked.kind, trip.return?.outcome]).toEqual(['timeout', 'private-on-internet']);
      });
      it('the answer left for the internet', async () => {
        expect(await lab.saw('officeWan', OFFICE_ANSWERS)).toBe(true);
        expect(sees(trip, 'return', 'router', 'wan', 'out')).toBe(true);
        await lab.on('router', 'ip route add 192.168.50.0/24 via 10.5.5.5; ip route add 10.8.0.0/24 via 10.5.5.5');
      });
    });

    describe('the server-side route missing', () => {
      const model = branchNetwork(noRoute);
      it('client LAN -> server LAN fails', async () => {
        await lab.on('vpn-server', 'ip route del 192.168.50.0/24');
        const asked = await lab.ask(model, 'branch-pc', '10.5.5.20');
        trip = asked.trip;
        expect([asked.kind, trip.return?.outcome]).toEqual(['timeout', 'ttl-expired']);
      });
      it('the request did arrive', async () => {
        expect(await lab.saw('linux', FROM_BRANCH)).toBe(true);
        expect(trip.forward.outcome).toBe('delivered');
      });
      it('the answer reached the VPN host', async () => {
        expect(await lab.saw('server', OFFICE_ANSWERS)).toBe(true);
        expect(sees(trip, 'return', 'vpn-server', 'eth0', 'in')).toBe(true);
      });
      it('which did not put it into the tunnel', () => {
        expect(lab.count('serverTunnel', OFFICE_ANSWERS)).toBe(0);
        expect(sees(trip, 'return', 'vpn-server', 'tun0', 'out')).toBe(false);
      });
      it('VPN host and router play ping-pong until the TTL is gone', async () => {
        await machine.sleep(300);
        expect(lab.count('server', OFFICE_ANSWERS)).toBeGreaterThanOrEqual(60);
        expect(trip.return!.hops.length).toBeGreaterThanOrEqual(60);
      });
      it('with send_redirects=0 the answering host is told: time exceeded', async () => {
        const off = 'for f in /proc/sys/net/ipv4/conf/*/send_redirects; do echo 0 >$f; done';
        await Promise.all(['vpn-server', 'router'].map((h) => lab.on(h, off)));
        const silence = (dev: string): unknown => ({
          settings: { 'net.ipv4.conf.all.send_redirects': 0, [`net.ipv4.conf.${dev}.send_redirects`]: 0 },
        });
        const overlay = { hosts: { 'vpn-server': silence('eth0'), router: silence('lan') } };
        const silent = branchNetwork({ ...noRoute, overlay });
        await machine.sleep(1200);
        ({ trip } = await lab.ask(silent, 'branch-pc', '10.5.5.20'));
        expect(await lab.saw('linux', /ICMP time exceeded in-transit/)).toBe(true);
        expect(trip.return?.outcome).toBe('ttl-expired');
        const on = off.replace('echo 0', 'echo 1');
        await Promise.all(['vpn-server', 'router'].map((h) => lab.on(h, on)));
      });
      it('the kernel says so without traffic: the default route', async () => {
        expect(await lab.on('vpn-server', 'ip route get 192.168.50.20')).toContain('via 10.5.5.1 dev eth0');
      });
      it('with rp_filter=1 it fails, too', async () => {
        await lab.sourceCheck('vpn-server', '*', 1);
        const before = await lab.dropped('vpn-server');
        const checked = branchNetwork({ ...noRoute, ...each(['vpn-server'], strict('all', 1)) });
        const asked = await lab.ask(checked, 'branch-pc', '10.5.5.20');
        trip = asked.trip;
        expect([asked.kind, trip.forward.outcome]).toEqual(['timeout', 'reverse-path']);
        expect(await lab.dropped('vpn-server')).toBeGreaterThan(before);
      });
      it('and the request no longer arrives', () => {
        expect(lab.count('linux', FROM_BRANCH)).toBe(0);
        expect(trip.forward.host).toBe('vpn-server');
      });
      it('the kernel says so without traffic: an error instead of a route', async () => {
        const said = await lab.on('vpn-server', 'ip route get 10.5.5.20 from 192.168.50.20 iif tun0');
        expect(said).toMatch(/Invalid (cross-device link|argument)/);
      });
    });
  });

  describe.each([
    ['iroute missing', { files: without('ccd/branch', /^iroute.*\n/m) }],
    ['a client file of another name', { overlay: { hosts: { 'vpn-server': { openvpn: { ccd: { branch: null, 'bran-ch': 'ccd/branch' } } } } } }], // prettier-ignore
  ] as [string, Difference][])('%s', (_, difference) => {
    const pushed = difference.files ?? ((__: string, text: string): string => text);
    const unpushed = without('server.conf', /^push "route 192.*\n/m);
    const lab = watchedLab(
      { ...difference, files: (file, text) => unpushed(file, pushed(file, text)) },
      { linux: ['linux-server', 'eth0'], serverTunnel: ['vpn-server', 'tun0'], tunnel: ['branch-gateway', 'tun0'] },
    );
    let trip: RoundTrip;
    it('client LAN -> server LAN fails', async () => {
      const asked = await lab.ask(lab.network, 'branch-pc', '10.5.5.20');
      trip = asked.trip;
      expect([asked.kind, trip.forward.outcome]).toEqual(['timeout', 'tunnel-bad-source']);
    });
    it('OpenVPN drops it and says why', async () => {
      expect(await lab.log()).toContain(BAD_SOURCE);
    });
    it('it never reached the server LAN', () => {
      expect(lab.count('linux', FROM_BRANCH)).toBe(0);
    });
    it('server LAN -> client LAN fails', async () => {
      const asked = await lab.ask(lab.network, 'linux-server', '192.168.50.20');
      trip = asked.trip;
      expect([asked.kind, trip.forward.outcome]).toEqual(['timeout', 'tunnel-no-client']);
    });
    it('the kernel did hand it to the tunnel', async () => {
      expect(await lab.saw('serverTunnel', THERE)).toBe(true);
      expect(trip.forward.host).toBe('vpn-server');
    });
    it('and it never arrived at the client', () => {
      expect(lab.count('tunnel', THERE)).toBe(0);
    });
    it('the client itself still works', async () => {
      expect((await lab.ask(lab.network, 'branch-gateway', '10.5.5.20')).kind).toBe('answered');
    });
  });

  describe('a server with two cards, its default route by the other one', () => {
    const other = { routes: ['default via 10.6.6.1'] };
    const cards = (value: unknown): Difference => {
      const { networks, hosts } = withSecondCard;
      const server = { ...hosts['linux-server'], ...other, ...(value as object) };
      return { overlay: { networks, hosts: { ...hosts, 'linux-server': server } } };
    };
    const lab = watchedLab(cards({}), {});
    it('rp_filter=0: works, out by the other card', async () => {
      const { kind, trip } = await lab.ask(lab.network, 'branch-pc', '10.5.5.20');
      expect([kind, trip.return?.hops[0]?.out]).toEqual(['answered', 'eth1']);
    });
    it('rp_filter=1: the request is dropped on arrival, and counted', async () => {
      await lab.sourceCheck('linux-server', 'eth0', 1);
      const before = await lab.dropped('linux-server');
      const { kind, trip } = await lab.ask(branchNetwork(cards(strict('eth0', 1))), 'branch-pc', '10.5.5.20');
      expect([kind, trip.forward.outcome]).toEqual(['timeout', 'reverse-path']);
      expect(await lab.dropped('linux-server')).toBeGreaterThan(before);
    });
    it('rp_filter=2 (loose): works', async () => {
      await lab.sourceCheck('linux-server', 'eth0', 2);
      const model = branchNetwork(cards(strict('eth0', 2)));
      expect((await lab.ask(model, 'branch-pc', '10.5.5.20')).kind).toBe('answered');
    });
    it('the higher of all and eth0 counts: all=1 eth0=0 drops too', async () => {
      await lab.sourceCheck('linux-server', 'eth0', 0);
      await lab.sourceCheck('linux-server', 'all', 1);
      const model = branchNetwork(cards(strict('all', 1)));
      expect((await lab.ask(model, 'branch-pc', '10.5.5.20')).kind).toBe('timeout');
    });
  });
});
