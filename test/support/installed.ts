import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/**
 * Whether a program is here; where it is not, that is said, because a test is left out then. Where `CI` is set it must be,
 * unless a systemd runs the machine: there scripts/packages.sh leaves some out.
 */
export function isInstalled(program: string): boolean {
  const isNeeded = process.env.CI !== undefined && !existsSync('/run/systemd/system');
  if (isNeeded || spawnSync('which', [program]).status === 0) return true;
  console.warn(`skipped: not installed: ${program}`);
  return false;
}
