import { spawnSync } from 'node:child_process';
import { mkdtempSync, openSync, rmSync, closeSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { AllowList, DryRun, knownFormats, WEB_DETECTORS } from '../src/guard/index.ts';
import { linuxMachine } from '../src/host/index.ts';
import { accessLog } from '../test/support/logs/access-log.ts';

// lines of an access log that all web detectors read in a second, beside fail2ban-regex with one filter: npx tsx bench/log-lines.ts [LINES]

const lines = Number(process.argv[2] ?? 1_000_000);
const folder = mkdtempSync(join(tmpdir(), 'waymark-lines-'));
const file = join(folder, 'access.log');

function writeLog(): void {
  const to = openSync(file, 'w');
  let block = '';
  for (const line of accessLog(lines, 20_261_121)) {
    block += `${line}\n`;
    if (block.length > 1_000_000) {
      writeSync(to, block);
      block = '';
    }
  }
  writeSync(to, block);
  closeSync(to);
}

const shown = (n: number): string => Math.round(n).toLocaleString('en');

async function ours(): Promise<void> {
  const run = new DryRun(knownFormats(Date.now), WEB_DETECTORS, new AllowList([]));
  const log = run.open(file);
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  await linuxMachine().readBlocks(file, log.push);
  log.end();
  const ms = performance.now() - start;
  const used = process.cpuUsage(cpu);
  const peak = process.resourceUsage().maxRSS / 1024;
  console.log(
    `waymark, ${WEB_DETECTORS.length} detectors: ${shown((lines * 1000) / ms)} lines/s (${shown(ms)} ms, ${shown((used.user + used.system) / 1000)} ms of CPU), at most ${shown(peak)} MB, ${run.verdicts.length} blocks`,
  );
}

function fail2ban(): void {
  const start = performance.now();
  const { status, error } = spawnSync('fail2ban-regex', [file, 'nginx-botsearch'], { stdio: 'ignore' });
  if (error) console.log('fail2ban-regex: not measured, it is not installed');
  else if (status !== 0) console.log(`fail2ban-regex: not measured, exit code ${status}`);
  else console.log(`fail2ban-regex, nginx-botsearch: ${shown((lines * 1000) / (performance.now() - start))} lines/s`);
}

try {
  writeLog();
  await ours();
  fail2ban();
} finally {
  rmSync(folder, { recursive: true });
}
