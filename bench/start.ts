import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * Time to start: an empty script, `--version`, and a cold `explain` of an office network, one after the other in each
 * round. Processor time (user and system) is compared, because it is steady on a machine that does other things too.
 * Limits: `--version` an empty script and 50 ms, `explain` 150 ms.
 */
const ROUNDS = 15;
const VERSION_LIMIT_MS = 50;
const EXPLAIN_LIMIT_MS = 150;

const OFFICE = `
networks: { office: 10.5.5.0/24, vpn: 10.8.0.0/24, internet: internet }
hosts:
  router: { on: { office: 10.5.5.1, internet: 203.0.113.1 }, forwards: true }
  vpn-server: { on: { office: 10.5.5.5, vpn: 10.8.0.1 }, forwards: true, routes: [default via 10.5.5.1] }
  linux-server: { on: { office: 10.5.5.20 }, routes: [default via 10.5.5.1] }
  laptop: { on: { vpn: 10.8.0.6 }, routes: [10.5.5.0/24 via 10.8.0.1] }
`;

const dir = mkdtempSync(join(tmpdir(), 'waymark-bench-'));
const empty = join(dir, 'empty.cjs');
const network = join(dir, 'network.yaml');
writeFileSync(empty, '');
writeFileSync(network, OFFICE);
const waymark = resolve(import.meta.dirname, '../bin/waymark');

const commands = [
  { name: 'empty script', argv: [process.execPath, empty], code: 0 },
  { name: 'waymark --version', argv: [process.execPath, waymark, '--version'], code: 0 },
  {
    name: 'waymark explain',
    argv: [process.execPath, waymark, 'explain', 'laptop', 'linux-server', '-n', network],
    code: 1,
  },
];

/** Processor time and time by the clock of one run, in ms. */
function time(argv: readonly string[], code: number): { cpu: number; wall: number } {
  const script = `TIMEFORMAT='%U %S %R'; time "$@" >/dev/null 2>&1`;
  const run = spawnSync('bash', ['-c', script, 'bash', ...argv], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
  if (run.status !== code) throw new Error(`${argv.join(' ')} ended with ${run.status}, not ${code}`);
  const [user, system, wall] = run.stderr.trim().split(' ').map(Number) as [number, number, number];
  return { cpu: (user + system) * 1000, wall: wall * 1000 };
}

const times = commands.map(() => [] as { cpu: number; wall: number }[]);
for (let round = 0; round < ROUNDS; round++)
  commands.forEach((c, i) => {
    times[i]!.push(time(c.argv, c.code));
  });
rmSync(dir, { recursive: true });

const quantile = (values: readonly number[], q: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * q)]!;
const medians = times.map((runs) =>
  quantile(
    runs.map((r) => r.cpu),
    0.5,
  ),
);
const [base, version, explained] = medians as [number, number, number];

console.log(`start, ${ROUNDS} rounds, processor time`);
for (const [i, { name }] of commands.entries()) {
  const cpu = times[i]!.map((r) => r.cpu);
  const wall = times[i]!.map((r) => r.wall);
  console.log(
    `  ${name.padEnd(18)} median ${medians[i]!.toFixed(0)} ms, min ${quantile(cpu, 0).toFixed(0)}, max ${quantile(cpu, 1).toFixed(0)}` +
      `; ${(medians[i]! / base).toFixed(2)} of an empty script; by the clock min ${quantile(wall, 0).toFixed(0)} ms`,
  );
}
console.log(
  `  --version costs ${(version - base).toFixed(0)} ms more than an empty script; limit ${VERSION_LIMIT_MS} ms`,
);
console.log(`  explain takes ${explained.toFixed(0)} ms; limit ${EXPLAIN_LIMIT_MS} ms`);
process.exitCode = version - base <= VERSION_LIMIT_MS && explained <= EXPLAIN_LIMIT_MS ? 0 : 1;
