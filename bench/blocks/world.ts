import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The program as it is installed: `npm run build` makes it. */
const WAYMARK = resolve(import.meta.dirname, '../../bin/waymark');

/** Why these benches can't run here, or null. */
export function whyNot(programs: readonly string[]): string | null {
  if (process.getuid?.() !== 0) return 'needs root to make network namespaces';
  const missing = programs.filter((p) => spawnSync('sh', ['-c', `command -v ${p}`]).status !== 0);
  return missing.length > 0 ? `not installed: ${missing.join(', ')}` : null;
}

/** Runs a command to its end; what it said. Throws when it fails. */
export function run(argv: readonly string[], input = ''): string {
  const { status, stdout, stderr } = spawnSync(argv[0]!, argv.slice(1), {
    input,
    encoding: 'utf8',
    maxBuffer: 1e9,
    timeout: 180_000,
  });
  if (status !== 0) throw new Error(`${argv.join(' ').slice(0, 200)}: ${stderr.slice(0, 500)}`);
  return stdout;
}

/** Namespaces, a folder and processes of a bench's own, all gone after `remove`. */
export class World {
  readonly folder = mkdtempSync(join(tmpdir(), 'waymark-bench-'));
  readonly #run = randomBytes(3).toString('hex');
  readonly #namespaces: string[] = [];
  readonly #started: ChildProcess[] = [];

  constructor() {
    run(['chmod', '755', this.folder]);
    process.once('exit', () => this.remove());
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  }

  namespace(name: string): string {
    const full = `wm-${this.#run}-${name}`;
    run(['ip', 'netns', 'add', full]);
    this.#namespaces.push(full);
    run(['ip', '-n', full, 'link', 'set', 'lo', 'up']);
    return full;
  }

  /** A site at 10.77.`net`.1, with its visitors from 10.77.`net`.2 on in another namespace. */
  link(site: string, visitors: string, net: number): void {
    run(['ip', 'link', 'add', `v${net}`, 'netns', site, 'type', 'veth', 'peer', 'name', `v${net}`, 'netns', visitors]);
    for (const [n, host] of [
      [site, '1'],
      [visitors, '2'],
    ] as const) {
      run(['ip', '-n', n, 'addr', 'add', `10.77.${net}.${host}/24`, 'dev', `v${net}`]);
      run(['ip', '-n', n, 'link', 'set', `v${net}`, 'up']);
    }
  }

  /** Starts a program in a namespace; it is killed at the end. */
  start(namespace: string, argv: readonly string[]): ChildProcess {
    const child = spawn('ip', ['netns', 'exec', namespace, ...argv], { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#started.push(child);
    return child;
  }

  /** Starts `waymark guard run`; gives it when it says that it runs, with the milliseconds that took. */
  async guard(
    namespace: string,
    folder: string,
    socket: string,
  ): Promise<{ child: ChildProcess; ms: number; pss: number }> {
    const settings = `${folder}.yaml`;
    writeFileSync(settings, `ports: [{ site: 80, page: 28080 }]\nfolder: ${folder}\nsocket: ${socket}\n`);
    const begin = performance.now();
    const child = this.start(namespace, [process.execPath, WAYMARK, 'guard', 'run', '--settings', settings]);
    let said = '';
    child.stderr!.on('data', (d: Buffer) => (said += d.toString()));
    let pss = 0;
    while (!said.includes('the guard runs')) {
      if (child.exitCode !== null) throw new Error(`the guard ended: ${said}`);
      await new Promise((done) => setTimeout(done, 5));
      if (Math.floor(performance.now() / 100) % 3 === 0) pss = Math.max(pss, pssOf(child.pid!));
    }
    return { child, ms: performance.now() - begin, pss };
  }

  remove(): void {
    for (const child of this.#started.splice(0)) child.kill('SIGKILL');
    for (const n of this.#namespaces.splice(0)) {
      const pids = spawnSync('ip', ['netns', 'pids', n], { encoding: 'utf8' })
        .stdout.split('\n')
        .filter((p) => p !== '');
      if (pids.length > 0) spawnSync('kill', ['-KILL', ...pids]);
      spawnSync('ip', ['netns', 'del', n]);
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Ends a process and waits for that. */
export async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
  const over = new Promise((done) => child.once('close', done));
  child.kill(signal);
  await over;
}

/** Megabytes of a process and all below it; what several share is counted once (proc(5), smaps_rollup). */
export function pssOf(pid: number): number {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((n) => /^\d+$/.test(n))) {
    const stat = readOr(`/proc/${name}/stat`);
    parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const isBelow = (p: number | undefined): boolean =>
    p !== undefined && p > 1 && (p === pid || isBelow(parents.get(p)));
  let kb = 0;
  for (const p of parents.keys())
    if (isBelow(p)) kb += Number(/^Pss:\s+(\d+)/m.exec(readOr(`/proc/${p}/smaps_rollup`))?.[1] ?? 0);
  return kb / 1024;
}

function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // it ended meanwhile
  }
}

export const quantile = (values: readonly number[], q: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * q)]!;
