import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askedRoute } from '../../src/dialect/test-support/asked-route.ts';
import {
  dnsmasqRoutes,
  ifupdownRoutes,
  iproute2Routes,
  keyfileRoutes,
  netplanRoutes,
  networkdRoutes,
  nmcliRoutes,
  option121Routes,
  option249Routes,
  parseRoutes,
  parseRouteWords,
  routeAddCommand,
  shellLine,
  withinLimits,
  wireguardRoutes,
  type RouteDialect,
} from '../../src/dialect/index.ts';
import { formatPrefix } from '../../src/ip/index.ts';
import type { Route } from '../../src/model/index.ts';
import { isInstalled } from '../support/installed.ts';
import { whyNoLab } from '../support/lab-available.ts';

const SEED = 4;
const ASKED = fc.sample(askedRoute, { numRuns: 400, seed: SEED });

/** Random routes of eth0 as the language can say them, each destination once. */
function routesOf(dialect: RouteDialect): readonly Route[] {
  const onOne = (route: Route): Route => ({ ...route, nexthops: route.nexthops.map((n) => ({ ...n, dev: 'eth0' })) });
  const said = ASKED.flatMap((r) => withinLimits(onOne(r), dialect.limits).route ?? []);
  const byPlace = new Map(said.map((r) => [`${formatPrefix(r.prefix)} ${r.table} ${r.metric} ${r.tos}`, r]));
  return [...byPlace.values()];
}

/** Routes as `ip route` would add them, in the order of their text. */
const inWords = (routes: readonly Route[]): readonly string[] =>
  routes.map((r) => shellLine(routeAddCommand(r))).sort();

/** What one list has and the other lacks. */
function expectSame(made: readonly Route[], asked: readonly Route[]): void {
  const [is, should] = [inWords(made), inWords(asked)];
  expect({ more: is.filter((r) => !should.includes(r)), missing: should.filter((r) => !is.includes(r)) }).toEqual({
    more: [],
    missing: [],
  });
  expect(is).toHaveLength(should.length);
}

function inFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'wm-systems-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const generate = ['/usr/libexec/netplan/generate', '/usr/lib/netplan/generate'].find((path) => existsSync(path));

describe('what other systems make of the routes', () => {
  it.skipIf(!isInstalled('netplan'))('netplan writes the same for systemd-networkd', () => {
    const routes = routesOf(netplanRoutes);
    expect(routes.length).toBeGreaterThan(100);
    const made = inFolder((root) => {
      mkdirSync(join(root, 'etc/netplan'), { recursive: true });
      writeFileSync(join(root, 'etc/netplan/1.yaml'), netplanRoutes.print(routes), { mode: 0o600 });
      expect(spawnSync(generate!, ['--root-dir', root], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
      // refusals name no interface
      return ['eth0', 'INTERFACE'].map((dev) =>
        readFileSync(join(root, `run/systemd/network/10-netplan-${dev}.network`), 'utf8'),
      );
    });
    expectSame(
      made.flatMap((text) => networkdRoutes.parse(text, 'netplan').value),
      routes,
    );
  });

  it.skipIf(!isInstalled('nmcli'))('nmcli --offline makes a keyfile of the same', () => {
    const routes = routesOf(nmcliRoutes);
    expect(routes.length).toBeGreaterThan(100);
    const made: Route[] = [];
    const refused: string[] = [];
    // each is a process of its own
    for (const route of routes.slice(0, 60)) {
      const line = nmcliRoutes.print([route]).split('\n')[0]!;
      const [, property, value] = /\+(ipv[46]\.routes) "?([^"]*)"?$/.exec(line)!;
      const add = ['--offline', 'connection', 'add', 'type', 'ethernet', 'con-name', 'lan', 'ifname', 'eth0', property!, value!]; // prettier-ignore
      const { status, stderr, stdout } = spawnSync('nmcli', add, { encoding: 'utf8' });
      if (status !== 0) refused.push(`${value}: ${stderr}`);
      made.push(...keyfileRoutes.parse(stdout, 'nmcli').value);
    }
    expect(refused).toEqual([]);
    expectSame(made, routes.slice(0, 60));
  });

  it.skipIf(!isInstalled('ifup'))('ifup -n runs the same', () => {
    const routes = routesOf(ifupdownRoutes);
    expect(routes.length).toBeGreaterThan(100);
    const { stderr, status } = inFolder((folder) => {
      writeFileSync(join(folder, 'interfaces'), `iface eth0 inet manual\n${ifupdownRoutes.print(routes)}`);
      return spawnSync('ifup', ['-n', '-v', '-i', join(folder, 'interfaces'), 'eth0'], { encoding: 'utf8' });
    });
    expect(status).toBe(0);
    const run = stderr
      .split('\n')
      .filter((line) => /^ip .*route add /.test(line))
      .map((line) => line.replace(' || true', ''));
    expectSame(iproute2Routes.parse(run.join('\n'), 'ifup').value, routes);
  });

  it.skipIf(!isInstalled('nmcli'))('nmcli --offline reads the whole keyfile', () => {
    const routes = routesOf(keyfileRoutes);
    const [refusing, sending] = [
      routes.filter((r) => r.nexthops.length === 0),
      routes.filter((r) => r.nexthops.length > 0),
    ];
    for (const some of [refusing, sending]) {
      const input = keyfileRoutes
        .print(some)
        .replace('[connection]', '[connection]\nid=lan\ntype=ethernet')
        .replaceAll(/\[ipv[46]\]/g, '$&\nmethod=auto');
      const words = ['--offline', 'connection', 'modify', 'connection.autoconnect', 'no'];
      const { status, stderr, stdout } = spawnSync('nmcli', words, { input, encoding: 'utf8' });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expectSame(keyfileRoutes.parse(stdout, 'nmcli').value, some);
    }
  });

  it.skipIf(!isInstalled('wg-quick'))('wg-quick strip hands the same on to wg', () => {
    const routes = routesOf(wireguardRoutes);
    expect(routes.length).toBeGreaterThan(50);
    const { stdout, status } = inFolder((folder) => {
      const file = join(folder, 'wg0.conf');
      writeFileSync(file, `[Interface]\nMTU = 1400\n\n[Peer]\n${wireguardRoutes.print(routes)}`, { mode: 0o600 });
      return spawnSync('wg-quick', ['strip', file], { encoding: 'utf8' });
    });
    expect(status).toBe(0);
    expect(stdout).not.toContain('MTU');
    expectSame(wireguardRoutes.parse(stdout, 'wg-quick').value, routes);
  });
});

const ip = (...words: readonly string[]): string => {
  const { status, stdout, stderr } = spawnSync('ip', words, { encoding: 'utf8' });
  expect({ words, status, stderr }).toEqual({ words, status: 0, stderr: '' });
  return stdout;
};

/** A network namespace of its own while `use` runs. */
function inNamespace<T>(name: string, use: (namespace: string, inside: (command: string) => string) => T): T {
  const namespace = `wm-${process.pid}-${name}`;
  ip('netns', 'add', namespace);
  try {
    return use(namespace, (command) => ip('netns', 'exec', namespace, 'ip', ...command.split(' ')));
  } finally {
    ip('netns', 'del', namespace);
  }
}

/** What eth0 of a kernel with 192.168.120.1/24 and 2001:db8::2/64 takes. */
const TAKEN = [
  '10.67.0.0/16 via 192.168.120.254 dev eth0',
  '10.67.0.0/16 via 192.168.120.253 dev eth0 metric 50',
  'default via 192.168.120.254 dev eth0',
  '192.0.2.7 via 192.168.120.254 dev eth0 src 192.168.120.1',
  '10.8.0.0/24 dev eth0',
  '10.9.0.0/16 via 192.168.120.254 dev eth0 table 100 mtu 1400',
  '10.15.0.0/16 via 172.16.0.1 dev eth0 onlink',
  '10.10.0.0/16 nexthop via 192.168.120.2 dev eth0 weight 1 nexthop via 192.168.120.3 dev eth0 weight 3',
  'unreachable 1.2.3.4',
  'prohibit 10.11.0.0/16 metric 3',
  'blackhole 10.12.0.0/16',
  'throw 10.14.0.0/16 table 100',
  '2001:db8:67::/48 via 2001:db8::1 dev eth0 metric 50',
  '2001:db8:68::/48 via fe80::1 dev eth0',
  'default via fe80::1 dev eth0 metric 5',
  '2001:db8:69::5 dev eth0 metric 1',
  'unreachable 2001:db8:70::/48 table 100',
].map((words) => parseRouteWords(words, { source: 'x', line: 1 }).value!);

const noNamespaces = whyNoLab(['ip', 'unshare', 'python3']);

describe.skipIf(noNamespaces !== null)('what runs in a network namespace', () => {
  const hasNetworkd = existsSync('/lib/systemd/systemd-networkd');
  if (!hasNetworkd) console.warn('skipped: not installed: systemd-networkd');

  it.skipIf(!hasNetworkd && process.env.CI === undefined)('systemd-networkd gives the kernel the same', () => {
    const listed = inNamespace('networkd', (namespace, inside) =>
      inFolder((folder) => {
        inside('link set lo up');
        inside('link add eth0 type veth peer name eth1');
        inside('link set eth1 up');
        // refusals name no interface, and stand in the unit of one all the same
        const text = networkdRoutes.print(TAKEN).replaceAll('[Match]\nName=eth0\n\n', '');
        const unit =
          '[Match]\nName=eth0\n\n[Network]\nAddress=192.168.120.1/24\nAddress=2001:db8::2/64\nIPv6AcceptRA=no\n\n';
        writeFileSync(join(folder, '10-eth0.network'), `${unit}${text}`);
        const run = [
          'netns',
          'exec',
          namespace,
          'unshare',
          '-m',
          'sh',
          join(import.meta.dirname, 'networkd.sh'),
          folder,
        ];
        const { status, stderr } = spawnSync('ip', run, { encoding: 'utf8' });
        expect({ status, faults: stderr.split('\n').filter((line) => line.includes('.network:')) }).toEqual({
          status: 0,
          faults: [],
        });
        return ['-4', '-6'].map((family) => inside(`-j -d -N ${family} route show table all`));
      }),
    );
    const kernel = listed.flatMap((text) => parseRoutes(text, 'ip').value).filter((r) => r.protocol === 'static');
    // who made it is not asked
    expectSame(
      kernel.flatMap((r) => withinLimits(r, iproute2Routes.limits).route ?? []),
      TAKEN,
    );
  });

  it.skipIf(!isInstalled('dnsmasq'))('dnsmasq answers a DHCP client with the same bytes', () => {
    const routes = TAKEN.flatMap((r) => withinLimits(r, dnsmasqRoutes.limits).route ?? []);
    expect(routes.length).toBeGreaterThan(3);
    const offered = inNamespace('client', (client) =>
      inNamespace('dnsmasq', (namespace, inside) =>
        inFolder((folder) => {
          inside('link set lo up');
          inside(`link add eth0 type veth peer name eth0 netns ${client}`);
          inside('addr add 192.168.120.1/24 dev eth0');
          inside('link set eth0 up');
          ip('-n', client, 'link', 'set', 'eth0', 'up');
          const settings = ['port=0', 'no-ping', 'interface=eth0', 'user=root', 'dhcp-range=192.168.120.10,192.168.120.20,1h', `dhcp-leasefile=${folder}/leases`, `pid-file=${folder}/pid`]; // prettier-ignore
          const config = join(folder, 'dnsmasq.conf');
          writeFileSync(config, `${settings.join('\n')}\n${dnsmasqRoutes.print(routes)}`);
          ip('netns', 'exec', namespace, 'dnsmasq', `--conf-file=${config}`);
          try {
            return ip('netns', 'exec', client, 'python3', join(import.meta.dirname, 'dhcp-ask.py'), 'eth0');
          } finally {
            process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8')));
          }
        }),
      ),
    );
    const options = new Map(
      offered
        .trim()
        .split('\n')
        .map((line) => line.split(' ') as [string, string]),
    );
    for (const [code, dialect] of [
      ['121', option121Routes],
      ['249', option249Routes],
    ] as const) {
      expect({ code, bytes: options.get(code) }).toEqual({ code, bytes: dialect.print(routes).trim() });
      expectSame(dialect.parse(dialect.print(routes), 'x').value, routes);
    }
  });
});
