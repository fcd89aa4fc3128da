import { sameAddress, type Address } from '../ip/index.ts';
import { interfaceNamed, type Attachment, type Interface, type Link } from '../model/index.ts';
import { fibLookup } from './fib-lookup.ts';
import { hostIn, type World } from './world.ts';

/**
 * Who on the link answers for the address. IPv4 hosts answer ARP for any address of theirs (net/ipv4/arp.c), IPv6 hosts
 * only for those of the interface asked (net/ipv6/ndisc.c). That a host also routes the ARP request, and with rp_filter
 * may not answer it, is left out: it would drop the packet for the same reason, and may know the asker already.
 */
export function answersOnLink(world: World, link: Link, self: Attachment, address: Address): Attachment | null {
  const others = link.attachments.filter((end) => end.host !== self.host || end.interface !== self.interface);
  const up = others.filter((end) => deviceOf(world, end)?.up === true);
  const exact = up.find((end) => deviceOf(world, end)!.addresses.some((a) => sameAddress(a.address, address)));
  if (exact || address.family === 6) return exact ?? null;
  return up.find((end) => routesToItself(world, end, address)) ?? null;
}

/** arp_process answers where routing, in whatever table, sends the address to the host itself. */
function routesToItself(world: World, end: Attachment, address: Address): boolean {
  const key = {
    destination: address,
    source: null,
    iif: end.interface,
    mark: 0,
    tos: 0,
    protocol: 0,
    sourcePort: 0,
    destinationPort: 0,
  };
  const found = fibLookup(hostIn(world.network, end.host), key, world.choices);
  return found.ok && found.route.type === 'local';
}

const deviceOf = (world: World, end: Attachment): Interface | undefined =>
  interfaceNamed(hostIn(world.network, end.host), end.interface);
