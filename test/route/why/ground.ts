import { Random } from '../../support/random.ts';

/** A host's routing and what is asked of it, both in words of iproute2. */
export interface Ground {
  /** Lines for `ip -batch`: what the kernel refuses is left out. */
  readonly setup: readonly string[];
  /** Keys below /proc/sys/net and their values. */
  readonly settings: readonly (readonly [key: string, value: string])[];
  readonly questions: readonly string[];
}

type Family = 4 | 6;
const DEVICES = ['eth0', 'eth1', 'eth2'];
const LINKS: Readonly<Record<Family, readonly string[]>> = {
  4: ['10.1.0', '10.2.0', '192.168.5'],
  6: ['fd00:1::', 'fd00:2::', 'fd00:5::'],
};
const OWN: Readonly<Record<Family, readonly string[]>> = {
  4: ['10.1.0.1', '10.1.0.7', '10.2.0.1', '192.168.5.1', '10.255.0.1'],
  6: ['fd00:1::1', 'fd00:2::1', 'fd00:5::1', 'fd00:255::1'],
};
const PREFIXES: Readonly<Record<Family, readonly string[]>> = {
  4: [
    'default', '0.0.0.0/1', '10.0.0.0/8', '10.64.0.0/10', '10.67.0.0/16', '10.67.1.0/24', '10.67.1.128/25', '10.67.1.129',
    '10.1.0.0/24', '10.1.0.64/26', '10.2.0.9', '172.16.0.0/12', '172.16.5.0/24', '198.51.100.0/24', '198.51.100.7', '203.0.113.0/25',
  ],
  6: [
    'default', '2000::/3', 'fd00::/8', '2001:db8::/32', '2001:db8:67::/48', '2001:db8:67:1::/64', '2001:db8:67:1::7', 'fd00:1::/64',
    'fd00:1::8:0/112', 'fd00:2::9', 'fd00:67::/32', '2001:db8:ff::/48',
  ],
}; // prettier-ignore
const TARGETS: Readonly<Record<Family, readonly string[]>> = {
  4: [
    '10.67.1.129', '10.67.1.130', '10.67.1.5', '10.67.9.9', '10.64.3.3', '10.200.0.1', '10.1.0.9', '10.1.0.70', '10.2.0.9', '10.2.0.200',
    '192.168.5.44', '172.16.5.5', '172.20.0.1', '198.51.100.7', '198.51.100.8', '203.0.113.9', '203.0.113.200', '8.8.8.8', '100.64.0.1',
    '10.1.0.255', '10.1.0.0', '127.0.0.5', '224.0.0.9', '239.1.2.3', '255.255.255.255',
  ],
  6: [
    '2001:db8:67:1::7', '2001:db8:67:1::8', '2001:db8:67:2::1', '2001:db8:5::1', '2001:db8:ff::1', '2a00::1', 'fd00:1::9', 'fd00:1::8:1',
    'fd00:2::9', 'fd00:2::77', 'fd00:5::44', 'fd00:67:1::1', 'fd99::1', '::1', '4000::1', 'ff05::7', 'ff02::1', 'fe80::9',
  ],
}; // prettier-ignore
const TABLES = ['100', '101', '102'];
const PROTOCOLS = ['tcp', 'udp'];

/** The ground of that seed. `count`: questions asked of it. */
export function groundOf(seed: number, count: number): Ground {
  const random = new Random(seed);
  const families: readonly Family[] = [4, 6];
  const down = random.chance(0.15) ? [`link set ${random.pick(DEVICES)} down`] : [];
  return {
    setup: [
      ...families.flatMap((f) => Array.from({ length: random.int(8, 30) }, () => route(random, f))),
      ...families.flatMap((f) => rules(random, f)),
      ...down,
    ],
    settings: settings(random),
    questions: Array.from({ length: count }, () => question(random, random.chance(0.6) ? 4 : 6)),
  };
}

function settings(random: Random): (readonly [string, string])[] {
  const forwards = random.chance(0.6) ? '1' : '0';
  const some = (key: string, values: readonly string[]): (readonly [string, string])[] =>
    ['all', ...DEVICES]
      .filter(() => random.chance(0.25))
      .map((d) => [key.replace('*', d), random.pick(values)] as const);
  return [
    ['ipv4/ip_forward', forwards],
    ['ipv6/conf/all/forwarding', forwards],
    ...some('ipv4/conf/*/rp_filter', ['1', '2']),
    ...some('ipv4/conf/*/ignore_routes_with_linkdown', ['1']),
    ...some('ipv6/conf/*/ignore_routes_with_linkdown', ['1']),
    ...some('ipv4/conf/*/forwarding', ['0', '1']),
    ...some('ipv4/conf/*/src_valid_mark', ['1']),
  ];
}

const gateway = (random: Random, f: Family, link: number): string =>
  f === 4 ? `${LINKS[4][link]}.${random.int(2, 250)}` : `${LINKS[6][link]}${random.int(2, 250)}`;

function route(random: Random, f: Family): string {
  const words = [`${f === 6 ? '-6 ' : ''}route ${random.weighted([[5, 'add'], [3, 'append'], [1, 'prepend'], [1, 'replace']])}`]; // prettier-ignore
  const kind = random.weighted([
    [10, 'via'],
    [3, 'dev'],
    [2, 'multipath'],
    [1, 'unreachable'],
    [1, 'prohibit'],
    [1, 'blackhole'],
    [1.5, 'throw'],
    [0.5, 'local'],
  ] as const);
  if (!['via', 'dev', 'multipath'].includes(kind)) words.push(kind);
  words.push(random.pick(PREFIXES[f]));
  const link = random.int(0, 2);
  if (kind === 'via')
    words.push(`via ${gateway(random, f, link)}`, ...(random.chance(0.6) ? [`dev ${DEVICES[link]}`] : []));
  if (kind === 'dev') words.push(`dev ${DEVICES[link]}`);
  if (kind === 'local') words.push('dev lo');
  if (random.chance(0.45)) words.push(`table ${random.pick(TABLES)}`);
  if (random.chance(0.3)) words.push(`metric ${random.pick([1, 2, 5, 1024])}`);
  if (f === 4 && random.chance(0.3)) words.push(`tos ${random.pick(['0x08', '0x10'])}`);
  if ((kind === 'via' || kind === 'dev') && random.chance(0.2)) words.push(`src ${random.pick(OWN[f])}`);
  if (kind === 'via' && random.chance(0.1)) words.push('mtu 1400');
  if (kind === 'multipath') words.push(...[0, 1, 2].slice(0, random.int(2, 3)).map((l) => `nexthop via ${gateway(random, f, l)} dev ${DEVICES[l]} weight ${random.int(1, 3)}`)); // prettier-ignore
  return words.join(' ');
}

function rules(random: Random, f: Family): string[] {
  if (random.chance(0.25)) return [];
  const six = f === 6 ? '-6 ' : '';
  const priorities = random.sample([10, 20, 30, 40, 50, 60, 70, 32766, 32800], random.int(1, 7)).sort((a, b) => a - b);
  const own = priorities.map((priority) => {
    const later = priorities.filter((p) => p > priority);
    return `${six}rule add ${random.chance(0.1) ? 'not ' : ''}${selectors(random, f)} ${action(random, later)} priority ${priority}`;
  });
  const moved = random.chance(0.1) ? [`${six}rule add priority 35 lookup local`, `${six}rule del priority 0`] : [];
  return [...own, ...moved];
}

function selectors(random: Random, f: Family): string {
  const words: string[] = [];
  if (random.chance(0.4)) words.push(`from ${random.pick([...OWN[f], ...PREFIXES[f].filter((p) => p !== 'default')])}`);
  if (random.chance(0.25)) words.push(`to ${random.pick(PREFIXES[f].filter((p) => p !== 'default'))}`);
  if (random.chance(0.3)) words.push(`fwmark ${random.pick(['0x1', '0x2', '0x1/0x1', '0x10/0xf0'])}`);
  if (random.chance(0.15)) words.push(`iif ${random.pick([...DEVICES, 'lo'])}`);
  if (random.chance(0.05)) words.push(`oif ${random.pick(DEVICES)}`);
  if (random.chance(0.1)) words.push(`tos ${random.pick(['0x08', '0x10'])}`);
  if (random.chance(0.12))
    words.push(
      `ipproto ${random.pick(PROTOCOLS)}`,
      ...(random.chance(0.5) ? [`dport ${random.pick(['53', '20-80'])}`] : []),
    );
  if (random.chance(0.06)) words.push(`sport ${random.pick(['53', '1000-2000'])}`);
  return words.join(' ');
}

function action(random: Random, later: readonly number[]): string {
  const table = `lookup ${random.pick([...TABLES, ...TABLES, 'main'])}`;
  return random.weighted([
    [10, table],
    [5, `${table} suppress_prefixlength ${random.pick([0, 0, 8, 16])}`],
    [1, 'unreachable'],
    [1, 'prohibit'],
    [1, 'blackhole'],
    [1, 'nop'],
    [later.length > 0 ? 2 : 0, `goto ${later.length > 0 ? random.pick(later) : 0}`],
  ]);
}

function question(random: Random, f: Family): string {
  const target = random.chance(0.12) ? random.pick(OWN[f]) : random.pick(TARGETS[f]);
  const words = [target];
  // who hears what is for all is not decided by routes
  const iif = random.chance(0.35) && !/^(2[235]\d|ff)/.test(target);
  const foreign = iif ? 0.8 : 0.05;
  if (iif || random.chance(0.4)) words.push(`from ${random.pick(random.chance(foreign) ? TARGETS[f] : OWN[f])}`);
  if (iif) words.push(`iif ${random.pick(DEVICES)}`);
  if (random.chance(0.35)) words.push(`mark ${random.pick(['0x1', '0x2', '0x11', '0x10'])}`);
  if (random.chance(0.2)) words.push(`tos ${random.pick(['0x08', '0x10', '0x20'])}`);
  if (random.chance(0.3)) words.push(`ipproto ${random.pick(PROTOCOLS)}`, ...(random.chance(0.6) ? [`dport ${random.pick([53, 80, 443])}`] : []), ...(random.chance(0.3) ? [`sport ${random.pick([53, 1500])}`] : [])); // prettier-ignore
  return words.join(' ');
}
