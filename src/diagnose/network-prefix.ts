import {
  bitsOf,
  contains,
  formatAddress,
  formatPrefix,
  hostPrefix,
  prefixOf,
  sameAddress,
  type Address,
  type Prefix,
} from '../ip/index.ts';
import type { Network } from '../model/index.ts';
import { isStranger } from '../reach/index.ts';

/** The network that a route to the address should name: its tunnel's, its link's, the owner's own; else itself alone. */
export function prefixAround(network: Network, address: Address): Prefix {
  const tunnels = [...network.tunnels, ...(network.wireguard ?? [])];
  const declared = [...tunnels.flatMap((t) => t.prefixes), ...iroutes(network), ...linkPrefixes(network)];
  const around = declared.filter((p) => contains(p, address)).sort((a, b) => b.length - a.length)[0];
  return around ?? ownPrefix(network, address) ?? hostPrefix(address);
}

const iroutes = (network: Network): Prefix[] =>
  network.tunnels.flatMap((t) => t.clients.flatMap((c) => c.iroutes.map((r) => r.prefix)));

const linkPrefixes = (network: Network): Prefix[] =>
  [...network.links.values()].filter((l) => l.kind === 'lan').flatMap((l) => l.prefixes);

function ownPrefix(network: Network, address: Address): Prefix | null {
  for (const host of network.hosts.values()) {
    for (const dev of host.interfaces) {
      // neighbours on the internet share a provider, not a network
      if (dev.link !== undefined && network.links.get(dev.link)?.kind === 'internet') continue;
      const own = dev.addresses.find((a) => sameAddress(a.address, address));
      if (own) return prefixOf(address, own.length);
    }
  }
  return null;
}

/** The same as text; a single address without its length, and `the internet` for whom nobody knows there. */
export function networkName(network: Network, address: Address): string {
  if (isStranger(network, address)) return 'the internet';
  const around = prefixAround(network, address);
  return around.length === bitsOf(address.family) ? formatAddress(address) : formatPrefix(around);
}
