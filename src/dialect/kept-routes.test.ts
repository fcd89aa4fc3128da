import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatPrefix, type Result } from '../ip/index.ts';
import type { Route } from '../model/index.ts';
import { ifcfgWith, ifupdownWith, keyfileWith, parseRouteWords, type KeptChange } from './index.ts';

const route = (words: string): Route => parseRouteWords(words, { source: 'test', line: 1 }).value!;
const NEW = route('10.67.0.0/16 via 192.168.120.254 dev eth0 proto 119');
const add = (wanted: Route): KeptChange => ({ isGone: () => false, wanted });
const del = (gone: Route): KeptChange => ({
  wanted: null,
  isGone: (r) => formatPrefix(r.prefix) === formatPrefix(gone.prefix) && r.table === gone.table,
});
const text = (result: Result<string>): string => (result.ok ? result.value : `${result.code}: ${result.message}`);

const DEBIAN = `# This file describes the network interfaces available on your system
source /etc/network/interfaces.d/*

auto lo
iface lo inet loopback

# the office
allow-hotplug eth0
iface eth0 inet static
\taddress 192.168.120.5/24
\tgateway 192.168.120.1
\tup ip route add 10.9.0.0/16 \\
\t\tvia 192.168.120.9 || true
\t# dns-* options are for resolvconf
\tdns-nameservers 192.168.120.1

iface eth0 inet6 auto
auto eth1
iface eth1 inet dhcp
`;
const KEYFILE = `# written by hand
[connection]
id=office
uuid=6f2c4a52-7a35-4c3e-9f5d-2f0d4fd6a1aa
type=ethernet
interface-name=eth0

[ipv4]
address1=192.168.120.5/24,192.168.120.1
method=manual
# the old office
route1=10.9.0.0/16,192.168.120.9
route1_options=mtu=1400

[ipv6]
method=auto
`;
const LINES = '# branch\n10.9.0.0/16 via 192.168.120.9 dev eth0';
const NUMBERED = 'ADDRESS0=10.9.0.0\nNETMASK0=255.255.0.0\nGATEWAY0=192.168.120.9\n';

type Keep = (text: string, change: KeptChange) => Result<string>;
const ifupdown: Keep = (file, change) => ifupdownWith(file, 'eth0', change);
const FILES: readonly (readonly [string, Keep, string])[] = [
  ['ifupdown', ifupdown, DEBIAN],
  ['ifupdown, lines of Windows', ifupdown, DEBIAN.replaceAll('\n', '\r\n')],
  ['ifupdown, last line not ended', ifupdown, 'iface eth0 inet dhcp'],
  ['keyfile', keyfileWith, KEYFILE],
  ['keyfile, last line not ended', keyfileWith, KEYFILE.trimEnd()],
  ['ifcfg, lines', ifcfgWith, LINES],
  ['ifcfg, numbers', ifcfgWith, NUMBERED],
];

/** Networks that none of the files has. */
const routes = fc
  .record({
    a: fc.integer({ min: 64, max: 127 }),
    length: fc.integer({ min: 10, max: 32 }),
    via: fc.integer({ min: 10, max: 250 }),
  })
  .map(({ a, length, via }) =>
    route(`100.${a}.0.0/${length < 16 ? 16 : length} via 192.168.120.${via} dev eth0 proto 119`),
  );

describe('a route in a file that says other things too', () => {
  it.each(FILES)('%s: goes in, every other line stays; goes out, and no byte differs', (_, keep, file) => {
    fc.assert(
      fc.property(routes, (one) => {
        const with1 = text(keep(file, add(one)));
        expect(with1).not.toBe(file);
        const rest = with1.split('\n');
        for (const line of file.split('\n')) expect(rest.splice(rest.indexOf(line), 1)).toEqual([line]);
        expect(text(keep(with1, del(one)))).toBe(file);
        // another one that came later stays
        const with2 = text(keep(with1, add(NEW)));
        expect(text(keep(with2, del(one))).split('\n').length).toBe(text(keep(file, add(NEW))).split('\n').length);
        expect(text(keep(text(keep(with2, del(NEW))), del(one)))).toBe(file);
      }),
      { numRuns: 60 },
    );
  });

  it('stands below the addresses of its family, as the stanza is written', () => {
    const out = text(ifupdown(DEBIAN, add(NEW)));
    expect(out).toContain('resolvconf\n\tdns-nameservers 192.168.120.1\n\tup ip route add 10.67.0.0/16 via 192.168.120.254 dev eth0 proto 119 || true\n\tdown ip route del 10.67.0.0/16 via 192.168.120.254 dev eth0 proto 119 || true\n\niface eth0 inet6'); // prettier-ignore
    const six = text(ifupdown(DEBIAN, add(route('2001:db8::/32 via fe80::1 dev eth0'))));
    expect(six).toContain('iface eth0 inet6 auto\n    up ip -6 route add 2001:db8::/32 via fe80::1 dev eth0 || true\n');
  });

  it('takes the place of one that a person wrote, or is refused where that is a gateway', () => {
    const old = 'iface eth0 inet dhcp\n  post-up ip route add 10.67.0.0/16 via 192.168.120.1\n  mtu 1400\n';
    expect(text(ifupdown(old, { ...del(NEW), wanted: NEW }))).toBe('iface eth0 inet dhcp\n  mtu 1400\n  up ip route add 10.67.0.0/16 via 192.168.120.254 dev eth0 proto 119 || true\n  down ip route del 10.67.0.0/16 via 192.168.120.254 dev eth0 proto 119 || true\n'); // prettier-ignore
    expect(text(ifupdown(DEBIAN, del(route('default via 192.168.120.1 dev eth0'))))).toContain(
      'keeper-cannot: line 11',
    );
    expect(text(ifupdown(DEBIAN, del(route('10.9.0.0/16 via 192.168.120.9'))))).toContain('line 12 says it, over two');
    expect(text(ifupdown('auto lo\n', add(NEW)))).toContain('no stanza for eth0');
  });

  it('has options and a number of its own in a keyfile', () => {
    const one = route('10.67.0.0/16 via 192.168.120.254 dev eth0 metric 50 mtu 1300');
    expect(text(keyfileWith(KEYFILE, add(one)))).toContain('route1_options=mtu=1400\nroute2=10.67.0.0/16,192.168.120.254,50\nroute2_options=mtu=1300\n\n[ipv6]'); // prettier-ignore
    expect(text(keyfileWith(KEYFILE, del(route('10.9.0.0/16 via 192.168.120.9'))))).toBe(KEYFILE.replace(/route1.*\n/g, '')); // prettier-ignore
    expect(text(keyfileWith('[connection]\n', add(NEW)))).toContain('no section [ipv4]');
  });

  it('is said in the form that an ifcfg file has, and refused where that can not', () => {
    expect(text(ifcfgWith(LINES, add(NEW)))).toBe(`${LINES}\n10.67.0.0/16 via 192.168.120.254 dev eth0 proto 119`);
    expect(text(ifcfgWith(NUMBERED, add(NEW)))).toBe(`${NUMBERED}ADDRESS1=10.67.0.0\nNETMASK1=255.255.0.0\nGATEWAY1=192.168.120.254\n`); // prettier-ignore
    expect(text(ifcfgWith(NUMBERED, add(route('10.67.0.0/16 via 192.168.120.254 metric 5'))))).toContain(
      'keeper-cannot',
    );
  });
});

const nmcli = spawnSync('nmcli', ['--version']).status === 0;
if (!nmcli) console.log('skipped: NetworkManager is not installed, so nmcli --offline is not asked');

describe.skipIf(!nmcli)('a keyfile with one more route', () => {
  it('is read by nmcli as we mean it', () => {
    const input = text(
      keyfileWith(KEYFILE, add(route('10.67.0.0/16 via 192.168.120.254 dev eth0 metric 50 mtu 1300'))),
    );
    const said = spawnSync('nmcli', ['--offline', 'connection', 'modify', 'connection.autoconnect-retries', '-1'], { input, encoding: 'utf8' }); // prettier-ignore
    expect(said.status).toBe(0);
    expect(said.stdout).toContain('route2=10.67.0.0/16,192.168.120.254,50\nroute2_options=mtu=1300\n');
  });
});
