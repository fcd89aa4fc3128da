import type { Diagnostic } from '../ip/index.ts';
import type { Machine } from '../host/index.ts';
import type { LabPlan } from './lab-plan.ts';

/** Which Debian package brings a program. */
const PACKAGE: Readonly<Record<string, string>> = {
  ip: 'iproute2',
  kill: 'procps',
  sysctl: 'procps',
  ping: 'iputils-ping',
  nft: 'nftables',
  openvpn: 'openvpn',
  openssl: 'openssl',
  tcpdump: 'tcpdump',
};

/** What this machine lacks for the plan: root, programs, the TUN device. Codes: `privilege-missing`, `component-missing`. */
export async function missingFor(
  machine: Machine,
  plan: Pick<LabPlan, 'boxes' | 'tunnels'>,
  also: readonly string[] = [],
): Promise<readonly Diagnostic[]> {
  const isTunnelled = plan.tunnels.length > 0 || plan.boxes.some((b) => b.ip.some(([object]) => object === 'tuntap'));
  const programs = [
    'ip',
    'kill',
    'ping',
    'sysctl',
    ...(plan.boxes.some((b) => b.ruleset !== '') ? ['nft'] : []),
    ...(plan.tunnels.length > 0 ? ['openvpn', 'openssl'] : []),
    ...also,
  ];
  const root = machine.isRoot
    ? []
    : [missing('privilege-missing', 'a lab of network namespaces needs root', 'run it with sudo')];
  const tun =
    isTunnelled && !(await machine.exists('/dev/net/tun'))
      ? [
          missing(
            'component-missing',
            'there is no /dev/net/tun on this machine',
            'modprobe tun; a container needs the device passed in',
          ),
        ]
      : [];
  return [...root, ...(await missingPrograms(machine, programs)), ...tun];
}

async function missingPrograms(machine: Machine, programs: readonly string[]): Promise<readonly Diagnostic[]> {
  const absent = await Promise.all(programs.map(async (name) => ((await machine.hasProgram(name)) ? [] : [name])));
  return absent
    .flat()
    .map((name) =>
      missing('component-missing', `there is no ${name} on this machine`, `apt-get install ${PACKAGE[name] ?? name}`),
    );
}

const missing = (code: 'privilege-missing' | 'component-missing', message: string, hint: string): Diagnostic => ({
  code,
  severity: 'error',
  message,
  hint,
});
