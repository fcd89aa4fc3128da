import type { Address, Fact, Prefix } from '../ip/index.ts';

/** Linux route types (ip-route(8)). */
export type RouteType =
  'unicast' | 'local' | 'broadcast' | 'multicast' | 'anycast' | 'unreachable' | 'prohibit' | 'blackhole' | 'throw';

/** One way on of a route. */
export interface NextHop {
  /** The gateway; none when the destination is on the link itself. May be IPv6 for an IPv4 route. */
  readonly via?: Address;
  /** Output interface; none when the kernel would have found it and nobody said. */
  readonly dev?: string;
  /** 1 or more. */
  readonly weight: number;
  readonly onlink: boolean;
  /** The kernel marked it dead or linkdown. */
  readonly dead: boolean;
  readonly linkdown: boolean;
}

/** One route of one table. */
export interface Route {
  readonly prefix: Prefix;
  readonly type: RouteType;
  /** 254 main, 255 local, 253 default. */
  readonly table: number;
  /** Lower wins. IPv4 default 0, IPv6 1024. */
  readonly metric: number;
  readonly tos: number;
  readonly scope: 'global' | 'site' | 'link' | 'host' | 'nowhere';
  /** Who made it: kernel, boot, static, dhcp, ra, or a number. */
  readonly protocol: string;
  /** Preferred source address. */
  readonly source?: Address;
  /** Empty for reject types; more than one for multipath. */
  readonly nexthops: readonly NextHop[];
  readonly mtu?: number;
  readonly fact: Fact;
}

/** Table numbers with names of their own (/etc/iproute2/rt_tables). */
export const TABLE = { default: 253, main: 254, local: 255 } as const;
