import { formatAddress, isLinkLocal, isLoopback } from '../ip/index.ts';
import type { Host, Interface, InterfaceAddress } from '../model/index.ts';
import { ipLine, type IpLine } from './ip-line.ts';

/**
 * Lines for `ip -batch -` that give a host its addresses. No network routes are made with them (`noprefixroute`): all
 * routes come from the model, in its order.
 */
export function interfaceLines(host: Host): readonly IpLine[] {
  return [
    ipLine`link set lo up`,
    ...host.interfaces.flatMap((dev) => [
      ...(dev.kind === 'loopback' ? [] : upLines(dev)),
      ...dev.addresses.filter((a) => !comesWithLoopback(dev, a)).map((a) => addressLine(dev, a)),
    ]),
  ];
}

function upLines(dev: Interface): readonly IpLine[] {
  return [ipLine`link set dev ${dev.name} mtu ${dev.mtu}`, ...(dev.up ? [ipLine`link set dev ${dev.name} up`] : [])];
}

const comesWithLoopback = (dev: Interface, a: InterfaceAddress): boolean =>
  dev.kind === 'loopback' &&
  isLoopback(a.address) &&
  (formatAddress(a.address) === '127.0.0.1' || a.address.family === 6);

function addressLine(dev: Interface, a: InterfaceAddress): IpLine {
  const six = a.address.family === 6;
  const own = formatAddress(a.address);
  return [
    ...(a.peer
      ? ipLine`addr add ${own} peer ${formatAddress(a.peer)}/${a.length}`
      : ipLine`addr add ${own}/${a.length}`),
    ...ipLine`dev ${dev.name}`,
    ...(a.scope === 'global' ? [] : ipLine`scope ${a.scope}`),
    ...(six ? ['nodad'] : []),
    'noprefixroute',
    ...(six && a.deprecated ? ipLine`preferred_lft 0` : []),
  ];
}

/**
 * A link-local address where the model has IPv6 addresses but none of that kind: the kernel asks for neighbours in its
 * name (net/ipv6/ndisc.c, ndisc_send_ns). `number` makes it the only one on its link.
 */
export function linkLocalLine(dev: Interface, number: number): readonly IpLine[] {
  const six = dev.addresses.filter((a) => a.address.family === 6);
  if (six.length === 0 || six.some((a) => isLinkLocal(a.address))) return [];
  return [ipLine`addr add fe80::${(number + 1).toString(16)}/64 dev ${dev.name} scope link nodad noprefixroute`];
}

/** Lines for permanent neighbours. */
export const neighbourLines = (host: Host): readonly IpLine[] =>
  host.neighbours
    .filter((n) => n.state === 'permanent' && n.mac !== undefined)
    .map((n) => ipLine`neigh replace ${formatAddress(n.address)} lladdr ${n.mac!} dev ${n.dev} nud permanent`);
