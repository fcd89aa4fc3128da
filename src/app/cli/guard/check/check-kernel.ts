import type { Machine } from '../../../../host/index.ts';
import type { Diagnostic } from '../../../../ip/index.ts';
import { engineOf, isInProxy } from '../engine-of.ts';
import { faultAt, type Checked } from './asked.ts';

/**
 * Whether the kernel would take the rules: nft hands them to it without carrying them out (nft(8), --check). For iptables
 * its tables and ipset are asked for. Codes: `privilege-missing`, `command-failed`.
 */
export async function checkKernel({ machine, settings, at }: Checked): Promise<readonly Diagnostic[]> {
  if (settings.engine === 'nft') {
    const faults = await engineOf(withoutCommit(machine), settings, []).prepare();
    const hint = 'the kernel lacks what the rules need: modprobe nf_tables nft_redir nft_ct nft_reject_inet';
    return faults.map((d) => faultAt(at('engine'), d.code, d.message, d.code === 'command-failed' ? hint : d.hint));
  }
  if (isInProxy(settings)) return [];
  const faults: Diagnostic[] = [];
  for (const [argv, module] of ASKED) {
    const { code, stderr } = await machine.run(argv);
    if (code === 0) continue;
    const isForbidden = /not permitted|permission denied|must be root/i.test(stderr);
    const said = stderr.trim().split('\n')[0] ?? '';
    const message = `${argv.join(' ')}: ${said || `code ${code ?? 'none'}`}`;
    const hint = isForbidden ? 'run it with sudo' : `the kernel lacks ${module}: modprobe ${module}`;
    faults.push(faultAt(at('engine'), isForbidden ? 'privilege-missing' : 'command-failed', message, hint));
  }
  return faults;
}

const ASKED: readonly (readonly [readonly string[], string])[] = [
  [['iptables', '-w', '-t', 'nat', '-S', 'PREROUTING'], 'iptable_nat'],
  [['iptables', '-w', '-t', 'filter', '-S', 'INPUT'], 'iptable_filter'],
  [['ip6tables', '-w', '-t', 'nat', '-S', 'PREROUTING'], 'ip6table_nat'],
  [['ip6tables', '-w', '-t', 'filter', '-S', 'INPUT'], 'ip6table_filter'],
  [['ipset', 'list', '-n'], 'ip_set'],
];

/** The machine on which nft carries nothing out. */
const withoutCommit = (machine: Machine): Machine => ({
  ...machine,
  run: (argv, options) => machine.run(argv[0] === 'nft' ? ['nft', '--check', ...argv.slice(1)] : argv, options),
});
