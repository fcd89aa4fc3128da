/** What iputils' ping prints for ICMP errors (ping/ping_common.c, pr_icmph), by `type/code`. */
export const PING_WORDS: Readonly<Record<4 | 6, Readonly<Record<string, string>>>> = {
  4: {
    '3/0': 'Destination Net Unreachable',
    '3/1': 'Destination Host Unreachable',
    '3/2': 'Destination Protocol Unreachable',
    '3/3': 'Destination Port Unreachable',
    '3/4': 'Frag needed and DF set',
    '3/5': 'Source Route Failed',
    '3/6': 'Destination Net Unknown',
    '3/7': 'Destination Host Unknown',
    '3/8': 'Source Host Isolated',
    '3/9': 'Destination Net Prohibited',
    '3/10': 'Destination Host Prohibited',
    '3/11': 'Destination Net Unreachable for Type of Service',
    '3/12': 'Destination Host Unreachable for Type of Service',
    '3/13': 'Packet filtered',
    '3/14': 'Precedence Violation',
    '3/15': 'Precedence Cutoff',
    '11/0': 'Time to live exceeded',
  },
  6: {
    '1/0': 'Destination unreachable: No route',
    '1/1': 'Destination unreachable: Administratively prohibited',
    '1/2': 'Destination unreachable: Beyond scope of source address',
    '1/3': 'Destination unreachable: Address unreachable',
    '1/4': 'Destination unreachable: Port unreachable',
    '2/0': 'Packet too big',
    '3/0': 'Time exceeded: Hop limit',
  },
};

/** The errno(3) that a connection gets for an ICMP error (net/ipv4/icmp.c, icmp_err_convert; net/ipv6/icmp.c). */
export const ICMP_ERRNO: Readonly<Record<4 | 6, Readonly<Record<string, string>>>> = {
  4: {
    '3/0': 'ENETUNREACH', '3/1': 'EHOSTUNREACH', '3/2': 'ENOPROTOOPT', '3/3': 'ECONNREFUSED', '3/4': 'EMSGSIZE',
    '3/5': 'EOPNOTSUPP', '3/6': 'ENETUNREACH', '3/7': 'EHOSTDOWN', '3/8': 'ENONET', '3/9': 'ENETUNREACH',
    '3/10': 'EHOSTUNREACH', '3/11': 'ENETUNREACH', '3/12': 'EHOSTUNREACH', '3/13': 'EHOSTUNREACH',
    '3/14': 'EHOSTUNREACH', '3/15': 'EHOSTUNREACH', '11/0': 'EHOSTUNREACH',
  }, // prettier-ignore
  6: {
    '1/0': 'ENETUNREACH', '1/1': 'EACCES', '1/2': 'EHOSTUNREACH', '1/3': 'EHOSTUNREACH', '1/4': 'ECONNREFUSED',
    '1/5': 'EACCES', '1/6': 'EACCES', '3/0': 'EHOSTUNREACH',
  }, // prettier-ignore
};
