import { sameAddress, type Address } from '../ip/index.ts';
import type { Attachment, Link } from '../model/index.ts';
import type { Packet } from './packet.ts';
import { hostIn, type World } from './world.ts';

/** What a cloud's source/destination check drops. */
export interface Checked {
  readonly host: string;
  readonly which: 'source' | 'destination';
  readonly address: Address;
}

/**
 * The check of a cloud's network at both ends of a packet's way over it: a source that the sender does not have, a
 * destination that the receiver does not have. Null where it passes, or nobody checks. (AWS: source/destination check; GCP:
 * canIpForward; Azure: IP forwarding.)
 */
export function checkedByFabric(
  world: World,
  link: Link,
  from: Attachment,
  to: Attachment,
  packet: Packet,
): Checked | null {
  const has = ({ host, interface: dev }: Attachment, address: Address): boolean =>
    hostIn(world.network, host)
      .interfaces.find((i) => i.name === dev)
      ?.addresses.some((a) => sameAddress(a.address, address)) ?? false;
  const isChecked = (end: Attachment): boolean => link.unchecked?.includes(end.host) === false;
  if (isChecked(from) && !has(from, packet.source)) return { host: from.host, which: 'source', address: packet.source };
  if (isChecked(to) && !has(to, packet.destination))
    return { host: to.host, which: 'destination', address: packet.destination };
  return null;
}
