import type { Diagnostic } from '../../ip/index.ts';
import type { RunResult } from '../../host/index.ts';

const PACKAGES: Readonly<Record<string, string>> = { nft: 'nftables', ipset: 'ipset' };

/** What a program of the firewall said against a change; nothing when it took it. */
export function refusedBy({ code, stderr }: RunResult): readonly Diagnostic[] {
  if (code === 0) return [];
  if (code === 127) {
    const name = /^(?:exec of ")?([\w-]+)/.exec(stderr)?.[1] ?? 'program';
    const hint = `apt-get install ${PACKAGES[name] ?? 'iptables'}`;
    return [{ code: 'component-missing', severity: 'error', message: `there is no ${name} on this machine`, hint }];
  }
  const said = stderr.trim().split('\n').slice(0, 2).join('; ');
  const isForbidden = /not permitted|permission denied|must be root/i.test(said);
  const message = `the firewall refused the change: ${said}`;
  return [{ code: isForbidden ? 'privilege-missing' : 'command-failed', severity: 'error', message }];
}
