import { sameAddress, type Address } from '../ip/index.ts';
import { interfaceNamed, type Attachment, type Interface, type Link } from '../model/index.ts';
import { isOwnAddress } from './fib.ts';
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
  return up.find((end) => isOwnAddress(hostIn(world.network, end.host), address)) ?? null;
}

const deviceOf = (world: World, end: Attachment): Interface | undefined =>
  interfaceNamed(hostIn(world.network, end.host), end.interface);
