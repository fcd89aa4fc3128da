/** The errors that a connected UDP socket is told of; others it never hears (`fatal` of icmp_err_convert, net/ipv4/icmp.c, and of net/ipv6/icmp.c). */
export const UDP_HEARS: Readonly<Record<4 | 6, ReadonlySet<string>>> = {
  4: new Set(['3/2', '3/3', '3/6', '3/7', '3/8', '3/9', '3/10', '3/13', '3/14', '3/15']),
  6: new Set(['1/1', '1/4', '1/5', '1/6']),
};
