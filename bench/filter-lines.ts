import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileFilter, FilterTest, readFilter } from '../src/guard/index.ts';
import { linuxMachine } from '../src/host/index.ts';
import { configFiles, isFail2banHere } from '../test/support/fail2ban/installed.ts';
import { sshLog } from '../test/support/logs/ssh-log.ts';

// lines of sshd's log that fail2ban's own filter reads in a second, dates and state included, beside fail2ban-regex: whether both find the same
// addresses as often: npx tsx bench/filter-lines.ts [LINES]

const lines = Number(process.argv[2] ?? 500_000);
if (!isFail2banHere) throw new Error('fail2ban is not installed');
const folder = mkdtempSync(join(tmpdir(), 'waymark-filter-'));
const file = join(folder, 'auth.log');

const shown = (n: number): string => Math.round(n).toLocaleString('en');
const inOrder = (counts: ReadonlyMap<string, number>): string => JSON.stringify([...counts].sort());

async function ours(): Promise<{ readonly cpu: number; readonly found: string }> {
  const read = readFilter(configFiles(), { name: 'sshd', options: new Map() });
  const { value } = compileFilter(read.value!, Date.now());
  const test = new FilterTest(value, () => Date.now());
  const [start, before] = [performance.now(), process.cpuUsage()];
  await linuxMachine().readBlocks(file, (block) => test.push(block));
  test.end();
  const ms = performance.now() - start;
  const used = process.cpuUsage(before);
  const cpu = (used.user + used.system) / 1000;
  console.log(
    `waymark: ${shown((lines * 1000) / ms)} lines/s (${shown(ms)} ms, ${shown(cpu)} ms of CPU), ${test.matched} matched, ${test.byId.size} addresses`,
  );
  return { cpu, found: inOrder(test.byId) };
}

function theirs(): { readonly cpu: number; readonly found: string } {
  const timed = (words: readonly string[]): { readonly out: string; readonly ms: number; readonly cpu: number } => {
    const start = performance.now();
    const { stdout, stderr } = spawnSync('bash', ['-c', 'TIMEFORMAT="%U %S"; time "$@"', 'bash', ...words], {
      encoding: 'utf8',
      maxBuffer: 2 ** 30,
    });
    const [user, system] = stderr.trim().split('\n').at(-1)!.split(' ').map(Number);
    return { out: stdout, ms: performance.now() - start, cpu: (user! + system!) * 1000 };
  };
  const plain = timed(['fail2ban-regex', file, 'sshd']);
  console.log(
    `fail2ban-regex: ${shown((lines * 1000) / plain.ms)} lines/s (${shown(plain.ms)} ms, ${shown(plain.cpu)} ms of CPU)`,
  );
  const counts = new Map<string, number>();
  for (const id of timed(['fail2ban-regex', '-o', 'id', file, 'sshd'])
    .out.split('\n')
    .filter((l) => l !== ''))
    counts.set(id, (counts.get(id) ?? 0) + 1);
  return { cpu: plain.cpu, found: inOrder(counts) };
}

try {
  writeFileSync(file, [...sshLog(lines, 20_261_121), ''].join('\n'));
  const [a, b] = [await ours(), theirs()];
  console.log(
    `${(b.cpu / a.cpu).toFixed(1)} x fail2ban (CPU); addresses and counts ${a.found === b.found ? 'are the same' : 'DIFFER'}`,
  );
  process.exitCode = a.found === b.found ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}
