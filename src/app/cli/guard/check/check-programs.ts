import type { Diagnostic } from '../../../../ip/index.ts';
import { faultAt, type Checked } from './asked.ts';

/** The programs that a guard runs, and the packages that bring them. */
const ALWAYS = { ip: 'iproute2', setpriv: 'util-linux', flock: 'util-linux', id: 'coreutils' };
const OF_ENGINE = {
  nft: { nft: 'nftables' },
  iptables: {
    iptables: 'iptables',
    ip6tables: 'iptables',
    'iptables-restore': 'iptables',
    'ip6tables-restore': 'iptables',
    ipset: 'ipset',
  },
  nginx: { nginx: 'nginx' },
  haproxy: { haproxy: 'haproxy' },
};

/** What reads logs that are no files. */
const OF_LOG = {
  file: null,
  journal: { program: 'journalctl', from: 'systemd' },
  socket: { program: 'perl', from: 'perl-base' },
};

/** Whether the programs are there that the guard runs. Code: `component-missing`. */
export async function checkPrograms({ machine, settings, at }: Checked): Promise<readonly Diagnostic[]> {
  const wanted: [string, string][] = [...Object.entries(ALWAYS), ...Object.entries(OF_ENGINE[settings.engine])];
  const faults: Diagnostic[] = [];
  for (const [program, from] of wanted) {
    if (await machine.hasProgram(program)) continue;
    const span = program in ALWAYS ? undefined : at('engine');
    faults.push(
      faultAt(span, 'component-missing', `there is no ${program} on this machine`, `apt-get install ${from}`),
    );
  }
  for (const [i, { origin }] of settings.logs.entries()) {
    const needed = OF_LOG[origin.kind];
    if (needed === null || (await machine.hasProgram(needed.program))) continue;
    const message = `there is no ${needed.program} on this machine, which reads a ${origin.kind}`;
    faults.push(faultAt(at('logs', i), 'component-missing', message, `apt-get install ${needed.from}`));
  }
  return faults;
}
