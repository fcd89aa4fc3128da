import { markFaults, markUses, type GuardSettings, type MarkProgram } from '../../../guard/index.ts';
import type { Machine } from '../../../host/index.ts';
import { formatAddress, sameAddress, type Diagnostic } from '../../../ip/index.ts';
import { ownAddresses } from './allow-of-machine.ts';

const LISTINGS: Readonly<Record<MarkProgram, readonly string[]>> = {
  iptables: ['iptables-save'],
  ip6tables: ['ip6tables-save'],
  // -t: nothing of what is in the sets
  nft: ['nft', '-t', 'list', 'ruleset'],
  'ip rule': ['ip', 'rule', 'show'],
  'ip -6 rule': ['ip', '-6', 'rule', 'show'],
  wg: ['wg', 'show', 'all', 'fwmark'],
};

/** Who else uses marks on this machine; a program that is not there uses none. Codes: those of `markFaults`. */
export async function markFaultsHere(machine: Machine, { delivery }: GuardSettings): Promise<readonly Diagnostic[]> {
  const programs = Object.entries(LISTINGS) as [MarkProgram, readonly string[]][];
  const said = await Promise.all(
    programs.map(async ([by, argv]) =>
      (await machine.hasProgram(argv[0]!)) ? [{ by, ...(await machine.run(argv)) }] : [],
    ),
  );
  const uses = said.flat().flatMap(({ by, stdout }) => markUses(by, stdout));
  return markFaults(uses, delivery.keepalived.mark);
}

const FORWARDING = { 4: '/proc/sys/net/ipv4/ip_forward', 6: '/proc/sys/net/ipv6/conf/all/forwarding' } as const;

/** Page servers elsewhere answer through this machine. Code: `value-invalid`, a warning. */
export async function forwardingFaults(machine: Machine, { delivery }: GuardSettings): Promise<readonly Diagnostic[]> {
  const own = await ownAddresses(machine);
  const elsewhere = delivery.servers.filter((s) => !own.some((o) => sameAddress(o.address, s.address)));
  const faults: Diagnostic[] = [];
  for (const family of [4, 6] as const) {
    const first = elsewhere.find((s) => s.address.family === family);
    const said = first && (await machine.readFile(FORWARDING[family]));
    if (!said?.ok || said.value.trim() !== '0') continue;
    const key = FORWARDING[family].replace('/proc/sys/', '').replaceAll('/', '.');
    const message = `this machine does not forward IPv${family}: no visitor gets to the page on ${formatAddress(first!.address)}`;
    faults.push({ code: 'value-invalid', severity: 'warning', message, hint: `sysctl -w ${key}=1` });
  }
  return faults;
}
