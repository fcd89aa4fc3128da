import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** All TypeScript files below a folder. */
export function sourceFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((f) => f.endsWith('.ts'))
    .map((f) => join(folder, f))
    .sort();
}
