import { parseAddresses, parseRoutes } from '../../../dialect/index.ts';
import {
  allowedByFacts,
  parseSshConnection,
  type AllowEntry,
  type AllowFacts,
  type GuardSettings,
} from '../../../guard/index.ts';
import type { Machine } from '../../../host/index.ts';
import { parseAddress, type Address, type Parsed } from '../../../ip/index.ts';
import { allowedBySettings, type KnownNames } from './allow-of-settings.ts';

/**
 * Who must never be blocked on this machine: whoever the settings name, and whoever the machine itself needs. Codes: those
 * of `allowedBySettings`.
 */
export async function allowedHere(
  machine: Machine,
  settings: GuardSettings,
  known?: KnownNames,
): Promise<Parsed<readonly AllowEntry[]>> {
  const facts: AllowFacts = {
    own: await ownAddresses(machine),
    gateways: await gateways(machine),
    nameServers: await nameServers(machine),
    sshClient: parseSshConnection(machine.environment('SSH_CONNECTION') ?? ''),
  };
  const { value, diagnostics } = await allowedBySettings(machine, settings, known);
  return { value: [...allowedByFacts(facts), ...value], diagnostics };
}

type Named = { readonly address: Address; readonly name?: string };

/** The addresses that this machine has itself. */
export async function ownAddresses(machine: Machine): Promise<readonly Named[]> {
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
