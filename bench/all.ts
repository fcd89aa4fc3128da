import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Runs every bench file, one after the other, each in a process of its own. Ends non-zero when one misses its limit. */
const missed: string[] = [];
const names = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.ts') && name !== 'all.ts');
for (const name of names.sort()) {
  const run = spawnSync(process.execPath, [...process.execArgv, join(import.meta.dirname, name)], { stdio: 'inherit' });
  if (run.status !== 0) missed.push(name);
}
console.log(missed.length === 0 ? 'every limit is kept' : `limit missed: ${missed.join(', ')}`);
process.exitCode = missed.length === 0 ? 0 : 1;
