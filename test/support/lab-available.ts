import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/**
 * Why no lab can be built here, or null. Where `CI` is set a lab must be possible: then the tests run and fail instead
 * of being skipped.
 */
export function whyNoLab(programs: readonly string[]): string | null {
  const reason = reasonFor(programs);
  if (reason === null || process.env.CI !== undefined) return null;
  console.warn(`skipped: ${reason}`);
  return reason;
}

function reasonFor(programs: readonly string[]): string | null {
  if (process.getuid?.() !== 0) return 'needs root to make network namespaces';
  const missing = programs.filter((p) => spawnSync('sh', ['-c', 'command -v "$1"', 'sh', p]).status !== 0);
  if (missing.length > 0) return `not installed: ${missing.join(', ')}`;
  return existsSync('/dev/net/tun') ? null : 'there is no /dev/net/tun';
}
