import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { PAGE_LIMITS } from '../src/host/index.ts';
import { ACCEPT, HEADERS, pageFor } from './page-server.ts';

/**
 * The page server as it ships, one process of it: requests a second beside nginx with one worker and a file of the same size (both
 * must be installed, and wrk), in turns, the median of the ratios; ordinary visitors while 10,000 slow ones are held;
 * memory under 1 GB of rubbish. The middle two need nothing installed. Limits: half of nginx on new connections, 0.4 of
 * it on kept ones; every ordinary visitor answered within a second; 400 MB.
 */
const ROUNDS = 3;
const SECONDS = 2;
const LIMIT_NEW = 0.5;
const LIMIT_KEPT = 0.4;
const SLOW = 10_000;
/** One that is sent away is not there for a moment. */
const SLOW_CLIENTS = 11_200;
const ORDINARY = 200;
const LIMIT_ORDINARY_MS = 1000;
const RUBBISH_BYTES = 2 ** 30;
const LIMIT_MEMORY_MB = 400;

const GET = `GET / HTTP/1.1\r\n${HEADERS}\r\n`;

const started: ChildProcess[] = [];

const dir = mkdtempSync(join(tmpdir(), 'waymark-bench-'));
const bundle = join(dir, 'page-server.cjs');

/** The server as it ships: in one file, without what runs TypeScript as it is. */
const bundled = () =>
  build({
    stdin: { contents: `import { serve } from './page-server.ts'; void serve();`, resolveDir: import.meta.dirname },
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'warning',
  });

function run(...argv: string[]): ChildProcess {
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(child);
  return child;
}

async function server(): Promise<{ pid: number; ports: number[] }> {
  const child = run(bundle);
  const line = await new Promise<string>((resolve) => child.stdout!.once('data', (d: Buffer) => resolve(d.toString())));
  return { pid: child.pid!, ports: line.trim().split(' ').map(Number) };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const quantile = (values: readonly number[], q: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * q)]!;
const has = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
const memoryMb = (pid: number): number =>
  Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024;

/** Requests a second, by wrk on the second processor. */
function rate(port: number, close: boolean): number {
  const headers = [...HEADERS.trim().split('\r\n').slice(1), ...(close ? ['Connection: close'] : [])];
  const args = ['-t1', '-c64', `-d${SECONDS}s`, ...headers.flatMap((h) => ['-H', h]), `http://127.0.0.1:${port}/`];
  const run = spawnSync('taskset', ['-c', '1', 'wrk', ...args], { encoding: 'utf8' });
  const found = /Requests\/sec:\s+([\d.]+)/.exec(run.stdout);
  if (!found) throw new Error(`wrk said: ${run.stdout}${run.stderr}`);
  return Number(found[1]);
}

function startNginx(port: number): void {
  writeFileSync(join(dir, 'index.html'), pageFor('127.0.0.1', ACCEPT, 'de', false).body);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((t) => `${t}_temp_path ${dir}/${t};`);
  const config = `worker_processes 1; daemon off; pid ${dir}/pid; error_log ${dir}/error;
events { worker_connections 4096; }
http { access_log off; keepalive_requests 100000000; ${temporary.join(' ')}
  server { listen 127.0.0.1:${port} backlog=4096; root ${dir}; } }`;
  writeFileSync(join(dir, 'conf'), config);
  const argv = ['-c', '0', 'nginx', '-p', dir, '-e', `${dir}/error`, '-c', join(dir, 'conf')];
  started.push(spawn('taskset', argv, { stdio: 'inherit' }));
}

/** Whether both limits are kept; true when there is nothing to compare with. */
async function besideNginx(): Promise<boolean> {
  const missing = ['nginx', 'wrk', 'taskset'].filter((program) => !has(program));
  if (missing.length > 0) {
    console.log(`  beside nginx: not measured, ${missing.join(' and ')} not installed`);
    return true;
  }
  const { pid, ports } = await server();
  spawnSync('taskset', ['-cp', '0', String(pid)]);
  const nginx = 20_000 + (process.pid % 10_000);
  startNginx(nginx);
  await pause(1000);
  for (const port of ports) rate(port, true);
  const kinds = [
    { name: 'new connections', port: ports[0]!, close: true, limit: LIMIT_NEW },
    { name: 'new connections, each another visitor', port: ports[2]!, close: true, limit: 0 },
    { name: 'kept connections', port: ports[1]!, close: false, limit: LIMIT_KEPT },
    { name: 'kept connections, each request another visitor', port: ports[3]!, close: false, limit: 0 },
  ];
  return kinds.map((kind) => compare(kind, nginx)).every(Boolean);
}

function compare(kind: { name: string; port: number; close: boolean; limit: number }, nginx: number): boolean {
  const rounds = Array.from({ length: ROUNDS }, () => ({
    nginx: rate(nginx, kind.close),
    page: rate(kind.port, kind.close),
  }));
  const ratio = quantile(
    rounds.map((r) => r.page / r.nginx),
    0.5,
  );
  const [page, other] = (['page', 'nginx'] as const).map((of) =>
    Math.round(
      quantile(
        rounds.map((r) => r[of]),
        0.5,
      ),
    ),
  );
  const limit = kind.limit === 0 ? '' : `, limit ${kind.limit}`;
  console.log(`  ${kind.name}: ${page} a second, nginx ${other}: ${ratio.toFixed(2)}${limit}`);
  return ratio >= kind.limit;
}

/** The time until a visitor has the whole answer, in ms. */
function visit(port: number): Promise<number> {
  const from = performance.now();
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let said = '';
    socket.on('data', (chunk) => (said += chunk.toString('latin1')));
    socket.on('error', reject);
    socket.once('close', () => {
      if (said.includes('</html>')) resolve(performance.now() - from);
      else reject(new Error('no page'));
    });
    socket.write(GET);
  });
}

async function amongSlow(): Promise<boolean> {
  const { pid, ports } = await server();
  const port = ports[0]!;
  run(...process.execArgv, join(import.meta.dirname, 'slow-clients.ts'), String(port), String(SLOW_CLIENTS));
  const established = (): number => {
    const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
    const lines = readFileSync('/proc/net/tcp', 'utf8').split('\n');
    // proc(5): number, local address, remote address, state; 01 is ESTABLISHED
    return lines.filter((line) => {
      const [, from, , state] = line.trim().split(/\s+/);
      return state === '01' && from?.endsWith(local) === true;
    }).length;
  };
  for (let i = 0; i < 60 && established() < SLOW_CLIENTS * 0.97; i++) await pause(500);
  const times: number[] = [];
  const held: number[] = [];
  for (let i = 0; i < ORDINARY; i++) {
    if (i % 20 === 0) held.push(established());
    times.push(await visit(port));
    await pause(20);
  }
  const worst = Math.max(...times);
  console.log(
    `  ${Math.min(...held)} to ${Math.max(...held)} slow clients held: ${ORDINARY} ordinary ones answered, median ` +
      `${quantile(times, 0.5).toFixed(1)} ms, p99 ${quantile(times, 0.99).toFixed(1)}, worst ${worst.toFixed(1)}, limit ${LIMIT_ORDINARY_MS}; ` +
      `memory at most ${memoryMb(pid).toFixed(0)} MB, limit ${LIMIT_MEMORY_MB}`,
  );
  return worst <= LIMIT_ORDINARY_MS && memoryMb(pid) <= LIMIT_MEMORY_MB && Math.min(...held) >= SLOW;
}

/** Sends rubbish of three kinds until it is cut off; how many bytes were taken. */
function spoil(port: number, kind: number): Promise<number> {
  const begins = ['', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n', 'GET / HTTP/1.1\r\nX: '];
  const block = Buffer.alloc(65_536, kind === 0 ? 0x16 : 0x61);
  return new Promise((resolve) => {
    const socket: Socket = connect(port, '127.0.0.1');
    const push = (): void => {
      while (!socket.destroyed && socket.write(block));
    };
    socket.on('error', () => undefined);
    socket.on('drain', push);
    socket.on('data', () => undefined);
    socket.once('close', () => resolve(socket.bytesWritten - socket.writableLength));
    socket.write(begins[kind]!);
    push();
  });
}

async function underRubbish(): Promise<boolean> {
  const { pid, ports } = await server();
  const before = memoryMb(pid);
  let [sent, count] = [0, 0];
  const worker = async (): Promise<void> => {
    while (sent < RUBBISH_BYTES) sent += await spoil(ports[0]!, count++ % 3);
  };
  await Promise.all(Array.from({ length: 200 }, worker));
  const after = memoryMb(pid);
  const ms = await visit(ports[0]!);
  console.log(
    `  ${(sent / 2 ** 20).toFixed(0)} MB of rubbish over ${count} connections: memory ${before.toFixed(0)} MB before, at most ` +
      `${after.toFixed(0)}, limit ${LIMIT_MEMORY_MB}; the next visitor answered in ${ms.toFixed(0)} ms`,
  );
  return after <= LIMIT_MEMORY_MB;
}

async function bench(): Promise<void> {
  console.log(`page, ${ROUNDS} rounds, limits of the server as shipped (${PAGE_LIMITS.connections} connections)`);
  const kept: boolean[] = [];
  try {
    await bundled();
    for (const part of [besideNginx, amongSlow, underRubbish]) {
      kept.push(await part());
      for (const child of started.splice(0)) child.kill();
    }
  } finally {
    for (const child of started.splice(0)) child.kill();
    rmSync(dir, { recursive: true });
  }
  process.exitCode = kept.every(Boolean) ? 0 : 1;
}

await bench();
