import type { CtKey, Field, MetaKey } from '../../model/index.ts';

/** nft's data type of each header field that is modelled; the field's name in nft is the same with a space for the dot. */
export const FIELD_TYPES: ReadonlyMap<Field, string> = new Map([
  ['ip.saddr', 'ipv4_addr'],
  ['ip.daddr', 'ipv4_addr'],
  ['ip6.saddr', 'ipv6_addr'],
  ['ip6.daddr', 'ipv6_addr'],
  ['ip6.hoplimit', 'integer'],
  ['ip.ttl', 'integer'],
  ['ip.dscp', 'dscp'],
  ['ip.length', 'integer'],
  ['ip.fragment', 'integer'],
  ['ip.protocol', 'inet_proto'],
  ['tcp.sport', 'inet_service'],
  ['tcp.dport', 'inet_service'],
  ['tcp.flags', 'tcp_flag'],
  ['udp.sport', 'inet_service'],
  ['udp.dport', 'inet_service'],
  ['th.sport', 'inet_service'],
  ['th.dport', 'inet_service'],
  ['icmp.type', 'icmp_type'],
  ['icmp.code', 'icmp_code'],
  ['icmp.id', 'integer'],
  ['icmpv6.type', 'icmpv6_type'],
  ['icmpv6.code', 'icmpv6_code'],
  ['icmpv6.id', 'integer'],
]);

/** nft's data type of each `meta` key that is modelled. */
export const META_TYPES: ReadonlyMap<MetaKey, string> = new Map([
  ['mark', 'mark'],
  ['iifname', 'ifname'],
  ['oifname', 'ifname'],
  ['iif', 'iface_index'],
  ['oif', 'iface_index'],
  ['iiftype', 'iface_type'],
  ['oiftype', 'iface_type'],
  ['l4proto', 'inet_proto'],
  ['nfproto', 'nf_proto'],
  ['protocol', 'ether_type'],
  ['length', 'integer'],
  ['pkttype', 'pkt_type'],
  ['skuid', 'uid'],
  ['skgid', 'gid'],
  ['cpu', 'integer'],
  ['priority', 'classid'],
]);

/** nft's data type of each `ct` key that is modelled. */
export const CT_TYPES: ReadonlyMap<CtKey, string> = new Map([
  ['state', 'ct_state'],
  ['status', 'ct_status'],
  ['direction', 'ct_dir'],
  ['mark', 'mark'],
  ['l3proto', 'nf_proto'],
  ['protocol', 'inet_proto'],
  ['original.saddr', 'address'],
  ['original.daddr', 'address'],
  ['reply.saddr', 'address'],
  ['reply.daddr', 'address'],
  ['original.sport', 'inet_service'],
  ['original.dport', 'inet_service'],
  ['reply.sport', 'inet_service'],
  ['reply.dport', 'inet_service'],
]);

/** The same key in another map's key type; undefined when the map has none. Keys come from input. */
export function typeOf<K extends string>(
  types: ReadonlyMap<K, string>,
  key: string,
): { key: K; type: string } | undefined {
  const type = types.get(key as K);
  return type === undefined ? undefined : { key: key as K, type };
}
