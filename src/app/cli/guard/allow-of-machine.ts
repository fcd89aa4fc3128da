import { parseAddresses, parseRoutes } from '../../../dialect/index.ts';
import {
  allowedByFacts,
  allowedByList,
  AllowList,
  parseSshConnection,
  type AllowEntry,
  type AllowFacts,
  type GuardSettings,
} from '../../../guard/index.ts';
import type { Machine } from '../../../host/index.ts';
import { parseAddress, type Address } from '../../../ip/index.ts';

/** Who must never be blocked on this machine: the settings' list, and whoever the machine itself needs. */
export async function allowedHere(machine: Machine, settings: GuardSettings): Promise<readonly AllowEntry[]> {
  const facts: AllowFacts = {
    own: await ownAddresses(machine),
    gateways: await gateways(machine),
    nameServers: await nameServers(machine),
    sshClient: parseSshConnection(machine.environment('SSH_CONNECTION') ?? ''),
  };
  return [
    ...allowedByFacts(facts),
    ...allowedByList(settings.allow.flatMap((who) => (who.kind === 'prefix' ? [who] : []))),
  ];
}

/** The same, to ask. */
export const allowListHere = async (machine: Machine, settings: GuardSettings): Promise<AllowList> =>
  new AllowList(await allowedHere(machine, settings));

type Named = { readonly address: Address; readonly name?: string };

async function ownAddresses(machine: Machine): Promise<readonly Named[]> {
  const said = await machine.run(['ip', '-j', 'addr', 'show']);
  return parseAddresses(said.stdout, 'ip addr').value.flatMap((dev) =>
    dev.addresses.map(({ address }) => ({ address, name: dev.name })),
  );
}

async function gateways(machine: Machine): Promise<readonly Named[]> {
  const said = await Promise.all(['-4', '-6'].map((f) => machine.run(['ip', '-j', f, 'route', 'show'])));
  return said.flatMap(({ stdout }) =>
    parseRoutes(stdout, 'ip route').value.flatMap((route) =>
      route.nexthops.flatMap(({ via, dev }) =>
        via ? [{ address: via, ...(dev !== undefined && { name: dev }) }] : [],
      ),
    ),
  );
}

/** resolv.conf(5). */
async function nameServers(machine: Machine): Promise<readonly Address[]> {
  const file = await machine.readFile('/etc/resolv.conf');
  if (!file.ok) return [];
  return [...file.value.matchAll(/^\s*nameserver\s+(\S+)/gm)].flatMap(([, text]) => {
    const address = parseAddress(text!.replace(/%.*$/, ''));
    return address.ok ? [address.value] : [];
  });
}
