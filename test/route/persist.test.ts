import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { root } from '../cli/world.ts';
import { whyNoLab } from '../support/lab-available.ts';

const reason = whyNoLab(['ip', 'ifquery', 'netplan', 'nmcli', 'systemd-analyze']);
if (reason !== null) console.log(`skipped: ${reason}, so no route is kept in a namespace`);

const namespace = `wm-${randomBytes(4).toString('hex')}-keep`;
/** ip-netns(8) lays these over /etc. */
const etc = join('/etc/netns', namespace);
let folder = '';

interface Said {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

const inside = (argv: readonly string[]): Said => {
  const env = { ...process.env, WAYMARK_CHANGES: join(folder, 'changes') };
  const { status, stdout, stderr } = spawnSync('ip', ['netns', 'exec', namespace, ...argv], { encoding: 'utf8', env });
  return { code: status, out: stdout, err: stderr };
};
const waymark = (line: string): Said => inside([process.execPath, join(folder, 'waymark.mjs'), ...line.split(' ')]);
const table = (): string => ['-4', '-6'].map((f) => inside(['ip', f, 'route']).out).join('');
/** All files that managers read, with modes. */
const files = (): string =>
  readdirSync(etc, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => join(etc, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => `${path} ${(statSync(path).mode & 0o777).toString(8)}\n${readFileSync(path, 'latin1')}`)
    .join('---\n');

const INTERFACES = '# mine\nauto eth0\niface eth0 inet static\n\taddress 192.168.120.5/24\n\t# end\n';
const NETPLAN = 'network:\n  version: 2\n  renderer: networkd\n  ethernets:\n    lan: # port 1\n      match: {macaddress: "02:00:00:00:00:01"}\n      set-name: eth0\n      addresses: [192.168.120.5/24]\n'; // prettier-ignore
const NETWORK = '[Match]\nName=eth*\n\n[Network]\nAddress=192.168.120.5/24\n';
const IFCFG = 'DEVICE=eth0\nBOOTPROTO=static\n';
const KEYFILE = '[connection]\nid=lan\nuuid=6f2c4a52-7a35-4c3e-9f5d-2f0d4fd6a1aa\ntype=ethernet\ninterface-name=eth0\n\n[ipv4]\nmethod=auto\n# mine\n\n[ipv6]\nmethod=auto\n'; // prettier-ignore

interface Place {
  readonly path: string;
  readonly text: string;
  /** The file that has the route then, and what it says. */
  readonly kept: string;
  readonly says: string;
}

const PLACES: Readonly<Record<string, Place>> = {
  ifupdown: { path: 'network/interfaces', text: INTERFACES, kept: 'network/interfaces', says: '5/24\n\tup ip route add 10.67.0.0/16 via 192.168.120.254 dev eth0 proto 119 || true\n' }, // prettier-ignore
  netplan: { path: 'netplan/50-lan.yaml', text: NETPLAN, kept: 'netplan/90-waymark-10.67.0.0-16.yaml', says: '    lan:\n      routes:\n        - to: 10.67.0.0/16\n          via: 192.168.120.254\n' }, // prettier-ignore
  'systemd-networkd': { path: 'systemd/network/10-lan.network', text: NETWORK, kept: 'systemd/network/10-lan.network.d/50-waymark-10.67.0.0-16.conf', says: '[Route]\nDestination=10.67.0.0/16\nGateway=192.168.120.254\nProtocol=119\n' }, // prettier-ignore
  ifcfg: { path: 'sysconfig/network-scripts/ifcfg-eth0', text: IFCFG, kept: 'sysconfig/network-scripts/route-eth0', says: '10.67.0.0/16 via 192.168.120.254 dev eth0 proto 119\n' }, // prettier-ignore
};

function put(path: string, text: string): void {
  const file = join(etc, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text, { mode: 0o600 });
}

describe.skipIf(reason !== null)('a route that lasts', { timeout: 120_000 }, () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'waymark-keep-'));
    await build({
      entryPoints: [join(root, 'src/app/cli/bin.ts')],
      outfile: join(folder, 'waymark.mjs'),
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'error',
      external: ['@resvg/resvg-js'],
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    });
    spawnSync('ip', ['netns', 'add', namespace]);
    for (const folder of ['network', 'netplan', 'systemd', 'sysconfig', 'NetworkManager']) {
      mkdirSync(join(etc, folder), { recursive: true });
      // what is laid over must be there
      if (!existsSync(join('/etc', folder))) made.push(join('/etc', folder));
      mkdirSync(join('/etc', folder), { recursive: true });
    }
    const setup = ['link set lo up', 'link add eth0 type veth peer name far', 'link set eth0 up', 'link set far up', 'addr add 192.168.120.5/24 dev eth0', 'addr add fd00:120::5/64 dev eth0 nodad', 'route add default via 192.168.120.1']; // prettier-ignore
    for (const line of setup) inside(['ip', ...line.split(' ')]);
  });
  const made: string[] = [];
  afterAll(() => {
    // watchdogs of changes that were confirmed or taken back sleep until their time is over
    const { stdout } = spawnSync('ip', ['netns', 'pids', namespace], { encoding: 'utf8' });
    for (const pid of stdout.split('\n').filter((line) => line !== '')) process.kill(Number(pid), 'SIGKILL');
    spawnSync('ip', ['netns', 'del', namespace]);
    rmSync(etc, { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
    for (const path of made) rmSync(path, { recursive: true, force: true });
  });
  beforeEach(() => {
    for (const name of readdirSync(etc))
      for (const inner of readdirSync(join(etc, name))) rmSync(join(etc, name, inner), { recursive: true });
    rmSync(join(folder, 'changes'), { recursive: true, force: true });
  });

  const ADD = 'route add 10.67.0.0/16 via 192.168.120.254 --persist';

  it.each(Object.entries(PLACES))('%s: goes in, out, and back', (by, { path, text, kept, says }) => {
    put(path, text);
    const before = { files: files(), table: table() };
    const dry = waymark(`${ADD} --dry-run`);
    expect(dry.err).toContain(`kept by ${by} (`);
    expect(dry.out).toContain(`+++ /etc/${kept}\n@@`);
    expect({ files: files(), table: table() }).toEqual(before);

    const done = waymark(ADD);
    expect([done.code, done.out]).toEqual([0, dry.out]);
    expect(readFileSync(join(etc, kept), 'utf8')).toContain(says);
    expect(table()).toContain('10.67.0.0/16 via 192.168.120.254 dev eth0 proto 119');
    const after = { files: files(), table: table() };
    expect(waymark('undo').code).toBe(0);
    expect({ files: files(), table: table() }).toEqual(before);

    expect(waymark(ADD).code).toBe(0);
    expect(waymark('route replace 10.67.0.0/16 via 192.168.120.253 --persist').code).toBe(0);
    expect(readFileSync(join(etc, kept), 'utf8')).toContain('192.168.120.253');
    expect(waymark('undo').code).toBe(0);
    expect({ files: files(), table: table() }).toEqual(after);
    expect(waymark('route del 10.67.0.0/16 --persist').code).toBe(0);
    expect({ files: files(), table: table() }).toEqual(before);
  });

  it('refuses packets too, and leaves what somebody else wrote meanwhile', () => {
    put('network/interfaces', INTERFACES);
    expect(waymark('route reject 10.99.0.0/16 --persist').code).toBe(0);
    expect(waymark('route blackhole 2001:db8:9::/48 --persist').code).toBe(0);
    const both = readFileSync(join(etc, 'network/interfaces'), 'utf8');
    expect(both).toContain('\tup ip route add unreachable 10.99.0.0/16 proto 119 || true\n');
    writeFileSync(join(etc, 'network/interfaces'), `${both}# later\n`);
    expect(waymark('undo 1').code).toBe(0);
    expect(waymark('undo 2').code).toBe(0);
    expect(readFileSync(join(etc, 'network/interfaces'), 'utf8')).toBe(`${INTERFACES}# later\n`);
    expect(table()).not.toContain('unreachable 10.99');
  });

  it('is written when it is confirmed, not before; who takes it back leaves all as it was', () => {
    put('netplan/50-lan.yaml', NETPLAN);
    const before = { files: files(), table: table() };
    expect(waymark(`${ADD} --confirm 60`).err).toContain('until then a reboot leaves all as it was');
    expect(files()).toBe(before.files);
    expect(waymark('route confirm').err).toContain('# written: /etc/netplan/90-waymark-10.67.0.0-16.yaml');
    expect(files()).toContain('90-waymark-10.67.0.0-16.yaml 600');
    expect(waymark('undo').code).toBe(0);
    expect({ files: files(), table: table() }).toEqual(before);
    expect(waymark(`${ADD} --confirm 60`).code).toBe(0);
    expect(waymark('undo 2 --unconfirmed').code).toBe(0);
    expect({ files: files(), table: table() }).toEqual(before);
  });

  it('is not done where the checker says no, and its reasons are told', () => {
    put('netplan/50-lan.yaml', `${NETPLAN}      gateway4: nonsense\n`);
    const before = { files: files(), table: table() };
    const said = waymark(ADD);
    expect(said.code).toBe(2);
    expect(said.err).toContain('error[keeper-refuses] netplan generate --root-dir');
    expect({ files: files(), table: table() }).toEqual(before);
  });

  it('is not done where nobody, or more than one, keeps the link, or a person wrote it elsewhere', () => {
    expect(waymark(ADD).err).toContain('error[keeper-unclear] nobody keeps the routes of eth0');
    put('network/interfaces', INTERFACES);
    put('systemd/network/10-lan.network', NETWORK);
    expect(waymark(ADD).err).toContain('more than one configures eth0: systemd-networkd (/etc/systemd/network/10-lan.network), ifupdown (iface eth0'); // prettier-ignore
    rmSync(join(etc, 'network/interfaces'));
    put('systemd/network/10-lan.network', `${NETWORK}\n[Route]\nDestination=10.67.0.0/16\nGateway=192.168.120.9\n`);
    expect(waymark(ADD).err).toContain('10-lan.network:7 says this route, and not in a file that Waymark wrote');
    expect(table()).not.toContain('10.67');
  });

  it('is taken back when NetworkManager does not load it', () => {
    put('NetworkManager/system-connections/lan.nmconnection', KEYFILE);
    const before = { files: files(), table: table() };
    const dry = waymark(`${ADD} --dry-run`);
    expect(dry.out).toContain('+route1=10.67.0.0/16,192.168.120.254\n');
    expect(dry.out).toContain('nmcli connection load /etc/NetworkManager/system-connections/lan.nmconnection');
    // it does not run here
    const said = waymark(ADD);
    expect([said.code, said.err]).toEqual([4, expect.stringContaining('taken back, as it was before')]);
    expect({ files: files(), table: table() }).toEqual(before);
  });
});
