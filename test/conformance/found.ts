import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Judged } from './shrink.ts';
import type { NetworkSpec } from './spec.ts';

const FOLDER = fileURLToPath(new URL('found/', import.meta.url));

/** Networks that model and kernel once saw differently, by file name: the test run asks them all again. */
export function foundCases(): ReadonlyMap<string, NetworkSpec> {
  const files = readdirSync(FOLDER).filter((f) => f.endsWith('.json'));
  return new Map(files.sort().map((f) => [f, JSON.parse(readFileSync(FOLDER + f, 'utf8')) as NetworkSpec]));
}

/** Keeps a shrunk network as a case, one for each kind of disagreement; gives the file's name, or null when there is one. */
export function keepCase(kind: string, { spec }: Judged): string | null {
  const words =
    kind
      .replace(/undefined|null/g, '')
      .toLowerCase()
      .match(/[a-z0-9]+/g) ?? [];
  const name = `${words.join('-').slice(0, 80)}.json`;
  if (existsSync(FOLDER + name)) return null;
  writeFileSync(FOLDER + name, `${JSON.stringify(spec, null, 1)}\n`);
  return name;
}
