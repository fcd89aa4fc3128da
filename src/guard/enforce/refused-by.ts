import type { Diagnostic } from '../../ip/index.ts';
import type { RunResult } from '../../host/index.ts';

const PACKAGES: Readonly<Record<string, string>> = { nft: 'nftables', ipset: 'ipset' };
/** nft repeats the command that it refuses, and that may have 50,000 elements. */
const MOST_SAID = 300;

/** What a program of the firewall said against a change; nothing when it took it. */
export function refusedBy({ code, stderr }: Pick<RunResult, 'code' | 'stderr'>): readonly Diagnostic[] {
  if (code === 0) return [];
  if (code === 127) {
    const name = /^(?:exec of ")?([\w-]+)/.exec(stderr)?.[1] ?? 'program';
    const hint = `apt-get install ${PACKAGES[name] ?? 'iptables'}`;
    return [{ code: 'component-missing', severity: 'error', message: `there is no ${name} on this machine`, hint }];
  }
  const said = stderr
    .slice(0, 4 * MOST_SAID)
    .trim()
    .split('\n')
    .slice(0, 2)
    .join('; ')
    .slice(0, MOST_SAID);
  const isForbidden = /not permitted|permission denied|must be root/i.test(said);
  const message = `the firewall refused the change: ${said || 'it ended without a word'}`;
  return [{ code: isForbidden ? 'privilege-missing' : 'command-failed', severity: 'error', message }];
}
