import type { Random } from '../../support/random.ts';

type Pairs = (readonly [key: string, value: string])[];

/** What all hosts of a network have in common. */
export interface Climate {
  /** Share of hosts that filter by source. */
  readonly rpFilter: number;
  /** Share of hosts that do not forward. */
  readonly notForwarding: number;
}

/** One network's climate: most are mild. */
export const climate = (random: Random): Climate => ({
  rpFilter: random.weighted([
    [6, 0],
    [2, 0.3],
    [2, 0.8],
  ]),
  notForwarding: random.weighted([
    [6, 0],
    [3, 0.15],
    [1, 0.5],
  ]),
});

/** Kernel settings of one host in the order in which they are written. */
export function settingsOf(random: Random, devices: readonly string[], { rpFilter, notForwarding }: Climate): Pairs {
  const pairs: Pairs = [];
  if (!random.chance(notForwarding)) pairs.push(['ipv4/ip_forward', '1']);
  if (!random.chance(notForwarding)) pairs.push(['ipv6/conf/all/forwarding', '1']);
  if (random.chance(0.06)) {
    pairs.push([`ipv${random.pick([4, 6])}/conf/${random.pick(devices)}/forwarding`, random.pick(['0', '1'])]);
  }
  if (random.chance(rpFilter)) {
    const where = ['all', ...devices];
    for (const d of random.sample(where, random.int(1, 2)))
      pairs.push([`ipv4/conf/${d}/rp_filter`, random.pick(['1', '1', '2'])]);
  }
  const seldom = (key: string, value: string, share: number): void => {
    if (random.chance(share)) pairs.push([key, value]);
  };
  const dev = random.pick(['all', ...devices]);
  seldom(`ipv4/conf/${dev}/src_valid_mark`, '1', 0.2);
  seldom(`ipv4/conf/${dev}/accept_local`, '1', 0.05);
  seldom(`ipv4/conf/${dev}/route_localnet`, '1', 0.03);
  seldom(`ipv4/conf/${dev}/send_redirects`, '1', 0.05);
  seldom('ipv4/ip_default_ttl', String(random.int(1, 8)), 0.03);
  seldom('ipv4/fwmark_reflect', '1', 0.08);
  seldom('ipv6/fwmark_reflect', '1', 0.08);
  seldom('ipv4/fib_multipath_hash_policy', '1', 0.1);
  seldom('ipv4/icmp_echo_ignore_all', '1', 0.01);
  return pairs;
}
