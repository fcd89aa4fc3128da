import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How an actor ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stderr: string;
}

const SETUP = [
  'link set lo up',
  'link add eth0 type veth peer name far',
  'link set eth0 addrgenmode none',
  'link set far addrgenmode none',
  'link set eth0 up',
  'link set far up',
  'addr add 192.168.120.5/24 dev eth0',
  'addr add fd00:120::5/64 dev eth0 nodad',
  'route add default via 192.168.120.1',
  'route add 10.50.0.0/16 via 192.168.120.254',
  'route add 10.60.0.0/16 via 192.168.120.2 metric 5 table 100',
  'route append 10.70.0.0/16 via 192.168.120.2',
  'route append 10.70.0.0/16 via 192.168.120.3',
  'rule add from 10.9.0.0/16 lookup 100 priority 100',
];
const SETUP6 = ['route add 2001:db8:50::/48 via fd00:120::1', 'route add unreachable 2001:db8:60::/48'];

const INTERFACES = `# the office
auto eth0
iface eth0 inet static
	address 192.168.120.5/24
	up ip route add 10.50.0.0/16 via 192.168.120.254 || true
`;

/** A host of its own: namespace, journal, and the program that acts in it. */
export class Stage {
  readonly namespace = `wm-${randomBytes(4).toString('hex')}-fault`;
  /** Where the journal lies: a small file system of its own. */
  readonly folder = mkdtempSync(join(tmpdir(), 'waymark-fault-'));
  readonly #program: string;
  /** ip-netns(8) lays it over /etc. */
  readonly #etc = join('/etc/netns', this.namespace);

  constructor(program: string) {
    this.#program = program;
    must(['ip', 'netns', 'add', this.namespace]);
    must(['mount', '-t', 'tmpfs', '-o', 'size=256k', 'waymark', this.folder]);
    mkdirSync(join(this.#etc, 'network'), { recursive: true });
    writeFileSync(join(this.#etc, 'network/interfaces'), INTERFACES);
    must(this.#inside(['ip', '-batch', '-']), SETUP.join('\n'));
    must(this.#inside(['ip', '-6', '-batch', '-']), SETUP6.join('\n'));
  }

  /** Waits for the routes that the kernel's workers make for a link and an IPv6 address that came up. */
  async settle(): Promise<void> {
    const made = ['local fd00:120::5 dev eth0', 'multicast ff00::/8 dev eth0', 'multicast ff00::/8 dev far'];
    for (let look = 0; look < 400; look++) {
      const state = this.state();
      if (made.every((text) => state.includes(text))) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error('the stage did not settle');
  }

  /** All that must be as before: addresses, routes, rules, settings, the file that keeps routes. */
  state(): string {
    const parts = [
      ['ip', '-o', 'addr', 'show'],
      ['ip', '-4', 'route', 'show', 'table', 'all'],
      ['ip', '-6', 'route', 'show', 'table', 'all'],
      ['ip', 'rule', 'show'],
      ['sh', '-c', 'grep -rs . /proc/sys/net/ipv4/conf /proc/sys/net/ipv6/conf /proc/sys/net/ipv4/ip_forward'],
    ].map((argv) => spawnSync('ip', ['netns', 'exec', this.namespace, ...argv], { encoding: 'utf8', maxBuffer: 1 << 26 }).stdout); // prettier-ignore
    return [...parts, readFileSync(join(this.#etc, 'network/interfaces'), 'utf8')].join('---\n');
  }

  /** Runs the actor with a fault in a session of its own; resolves when it has ended. */
  act(words: readonly string[], fault = 'none 0'): Promise<Ended> {
    const argv = this.#inside([process.execPath, this.#program, ...words]);
    const env = { ...process.env, WAYMARK_CHANGES: join(this.folder, 'changes'), FAULT: fault };
    const child = spawn(argv[0]!, argv.slice(1), { env, detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    return new Promise((resolve) =>
      child.once('exit', (code, signal) => {
        // whoever else is in the session goes with it, as when a terminal closes
        try {
          process.kill(-child.pid!, 'SIGKILL');
        } catch {
          // nobody was left
        }
        setTimeout(() => resolve({ code, signal, stderr }), 5);
      }),
    );
  }

  /** Fills the file system of the journal to its last byte. */
  fill(): void {
    spawnSync('sh', ['-c', `dd if=/dev/zero of="$1/full" bs=1k 2>/dev/null; i=0; while [ $i -lt 99999 ] && : >"$1/f$i"; do i=$((i+1)); done 2>/dev/null`, 'sh', this.folder]); // prettier-ignore
  }

  /** Makes the file system of the journal read-only. */
  freeze(): void {
    must(['mount', '-o', 'remount,ro', this.folder]);
  }

  close(): void {
    spawnSync('ip', ['netns', 'del', this.namespace]);
    spawnSync('umount', ['-l', this.folder]);
    rmSync(this.#etc, { recursive: true, force: true });
    rmSync(this.folder, { recursive: true, force: true });
  }

  #inside(argv: readonly string[]): readonly string[] {
    return ['ip', 'netns', 'exec', this.namespace, ...argv];
  }
}

function must(argv: readonly string[], input = ''): void {
  const { status, stderr } = spawnSync(argv[0]!, argv.slice(1), { encoding: 'utf8', input });
  if (status !== 0) throw new Error(`the stage was not built: ${argv.join(' ')}: ${stderr}`);
}
