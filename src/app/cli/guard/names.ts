import type { ReverseName } from '../../../guard/index.ts';
import type { Machine } from '../../../host/index.ts';
import { formatAddress, parseAddress, type Address } from '../../../ip/index.ts';

/** A resolver that does not answer must not keep a person waiting who blocks somebody. */
const TIME_LIMIT_MS = 3000;

/** The addresses that a name has now, as this machine looks names up (nsswitch.conf(5)); none when it has none. */
export async function addressesOf(machine: Machine, name: string): Promise<readonly Address[]> {
  const said = await machine.run(['getent', 'ahosts', name], { timeoutMs: TIME_LIMIT_MS });
  const found = new Map<string, Address>();
  for (const line of said.stdout.split('\n')) {
    const address = parseAddress(line.split(/\s/, 1)[0]!.replace(/%.*$/, ''));
    if (address.ok) found.set(formatAddress(address.value), address.value);
  }
  return [...found.values()];
}

/** The names that an address leads back to, each with the addresses which that has in turn. */
export async function reverseNames(machine: Machine, address: Address): Promise<readonly ReverseName[]> {
  const said = await machine.run(['getent', 'hosts', formatAddress(address)], { timeoutMs: TIME_LIMIT_MS });
  const names = said.stdout.trim().split(/\s+/).slice(1);
  return Promise.all(names.map(async (name) => ({ name, addresses: await addressesOf(machine, name) })));
}
