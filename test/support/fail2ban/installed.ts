import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { ConfigFiles } from '../../../src/guard/index.ts';

/** fail2ban's own sample logs, in Debian's package. */
export const SAMPLES = '/usr/lib/python3/dist-packages/fail2ban/tests/files/logs';

/** Whether fail2ban and its samples are here. */
export const isFail2banHere = existsSync(SAMPLES) && existsSync('/etc/fail2ban/filter.d');

/** The configuration of a folder. */
export function configFiles(folder = '/etc/fail2ban'): ConfigFiles {
  const texts = new Map<string, string>();
  for (const part of ['', 'filter.d', 'jail.d'])
    for (const entry of existsSync(join(folder, part)) ? readdirSync(join(folder, part), { withFileTypes: true }) : [])
      if (entry.isFile() && /\.(conf|local)$/.test(entry.name)) {
        const path = join(folder, part, entry.name);
        texts.set(path, readFileSync(path, 'utf8'));
      }
  return { folder, texts };
}

/** Names of all filters that can be used by themselves. */
export const filterNames = (): readonly string[] =>
  readdirSync('/etc/fail2ban/filter.d')
    .filter((name) => name.endsWith('.conf') && !name.endsWith('common.conf'))
    .map((name) => name.replace(/\.conf$/, ''));

/** What a script of this folder says, as JSON. */
export function python(script: string, words: readonly string[], stdin = ''): unknown {
  const path = join(import.meta.dirname, script);
  const run = spawnSync('python3', [path, ...words], { input: stdin, encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (run.status !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout);
}
