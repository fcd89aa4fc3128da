import { MARKS } from './rules.ts';
import type { Ground } from './ground.ts';

/** What the matches of one rule have in common, so that nft takes them together. */
export interface Shape {
  /** Family of the table. */
  readonly table: 'ip' | 'ip6' | 'inet';
  /** Family that the rule's addresses are of. */
  readonly family: 4 | 6;
  readonly protocol: 'tcp' | 'udp' | 'icmp' | null;
  readonly hook: string;
}

const header = (family: 4 | 6): string => (family === 4 ? 'ip' : 'ip6');

/** Some matches; a protocol match comes first where the shape has one. */
export function matches(ground: Ground, shape: Shape): string[] {
  const { random } = ground;
  const count = random.weighted([
    [1, 0],
    [5, 1],
    [3, 2],
    [1, 3],
  ]);
  const found = shape.protocol ? [protocolMatch(ground, shape)] : [];
  for (let i = 0; i < count; i++) {
    const one = anyMatch(ground, shape);
    // two protocol matches of one rule may contradict each other, which nft refuses
    const contradicts = found.some(
      (f) => / protocol | nexthdr |l4proto/.test(f) && / protocol | nexthdr |l4proto|dport/.test(one),
    );
    if (!contradicts && !found.some((f) => isListedAsOpposite(f, one))) found.push(one);
  }
  return found.filter((m) => m !== '');
}

/** nft 1.0.6 lists `ip ttl < 60 ip ttl > 63`, which nothing matches, as `ip ttl != 60-63`. */
function isListedAsOpposite(first: string, second: string): boolean {
  const below = /(ttl|hoplimit) < (\d+)$/.exec(first);
  const above = /(ttl|hoplimit) > (\d+)$/.exec(second);
  return below !== null && above !== null && Number(below[2]) <= Number(above[2]);
}

function protocolMatch(ground: Ground, { protocol, family }: Shape): string {
  const { random } = ground;
  if (protocol === 'icmp') {
    const word = family === 4 ? 'icmp' : 'icmpv6';
    const type = random.pick([
      'echo-request',
      'echo-reply',
      'destination-unreachable',
      'time-exceeded',
      ...(family === 4 ? [] : ['nd-neighbor-solicit', 'nd-neighbor-advert']),
    ]);
    return random.pick([
      `${word} type ${type}`,
      `${word} type { echo-request, ${type === 'echo-request' ? 'echo-reply' : type} }`,
      `meta l4proto ${word === 'icmp' ? 'icmp' : 'ipv6-icmp'}`,
    ]);
  }
  const [a, b] = [ground.port(), ground.port()];
  const [from, to] = ground.sourcePorts();
  const both = a === b ? `{ ${a} }` : `{ ${a}, ${b} }`;
  return random.weighted([
    [5, `${protocol} dport ${a}`],
    [2, `${protocol} dport ${both}`],
    [1, `${protocol} dport != ${a}`],
    [2, `${protocol} dport ${Math.min(a, b)}-${Math.max(a, b) + 1}`],
    [1, `${protocol} sport ${from}-${to}`],
    [1, `${protocol} sport ${a}`],
    [1, `meta l4proto ${protocol!}`],
    [
      1,
      protocol === 'tcp'
        ? random.pick([
            'tcp flags syn',
            'tcp flags & (fin | syn | rst | ack) == syn',
            'tcp flags ack',
            'tcp flags & (syn | ack) == syn | ack',
            'tcp flags != syn',
          ])
        : `meta l4proto { tcp, udp }`,
    ],
  ]);
}

function anyMatch(ground: Ground, shape: Shape): string {
  const { random } = ground;
  return random.weighted([
    [8, addressMatch],
    [4, deviceMatch],
    [6, stateMatch],
    [4, markMatch],
    [2, headerMatch],
    [2, fibMatch],
    [2, setMatch],
  ])(ground, shape);
}

function addressMatch(ground: Ground, { family }: Shape): string {
  const { random } = ground;
  const where = `${header(family)} ${random.pick(['saddr', 'daddr'])}`;
  const [a, b] = [ground.address(family), ground.address(family)];
  return random.weighted([
    [4, `${where} ${ground.prefix(family)}`],
    [3, `${where} ${a}`],
    [2, `${where} != ${a}`],
    [2, `${where} ${a === b ? `{ ${a} }` : `{ ${a}, ${b} }`}`],
    [
      1,
      family === 4
        ? `${where} & 255.255.0.0 == ${a.split('.').slice(0, 2).join('.')}.0.0`
        : `${where} != ${ground.prefix(6)}`,
    ],
  ]);
}

const INPUT = new Set(['prerouting', 'input', 'forward']);
const OUTPUT = new Set(['forward', 'output', 'postrouting']);

function deviceMatch(ground: Ground, { hook }: Shape): string {
  const { random } = ground;
  const words = [...(INPUT.has(hook) ? ['iifname'] : []), ...(OUTPUT.has(hook) ? ['oifname'] : [])];
  if (words.length === 0) return '';
  const word = random.pick(words);
  const dev = ground.dev();
  return random.weighted([
    [4, `${word} "${dev}"`],
    [2, `${word} != "${dev}"`],
    [2, `${word} "${dev.slice(0, 3)}*"`],
    [2, `${word} { "${dev}", "${dev === 'lo' ? 'eth0' : 'lo'}" }`],
    [1, `${word.slice(0, 3)} "${dev}"`],
  ]);
}

function stateMatch(ground: Ground, { family, protocol }: Shape): string {
  const { random } = ground;
  return random.weighted([
    [4, `ct state ${random.pick(['new', 'established', 'related', 'invalid', 'untracked'])}`],
    [4, `ct state ${random.pick(['established,related', 'new,established', 'invalid,untracked'])}`],
    [1, `ct state != ${random.pick(['new', 'established', 'invalid'])}`],
    [2, `ct direction ${random.pick(['original', 'reply'])}`],
    [2, `ct status ${random.pick(['dnat', 'snat', 'assured', 'confirmed', 'seen-reply'])}`],
    [1, `ct original ${header(family)} ${random.pick(['saddr', 'daddr'])} ${ground.address(family)}`],
    [1, `ct reply ${header(family)} ${random.pick(['saddr', 'daddr'])} ${ground.prefix(family)}`],
    [1, `ct mark ${random.pick(MARKS)}`],
    [
      protocol === 'tcp' || protocol === 'udp' ? 1 : 0,
      `ct ${random.pick(['original', 'reply'])} proto-${random.pick(['src', 'dst'])} ${ground.port()}`,
    ],
  ]);
}

function markMatch(ground: Ground): string {
  const { random } = ground;
  const mark = random.pick(MARKS);
  return random.weighted([
    [4, `meta mark ${mark}`],
    [1, `meta mark != ${mark}`],
    [2, `meta mark & 0x${random.pick(['f', 'f0', 'ff'])} == ${random.pick([0, 1, 0x10])}`],
    [3, `ct mark ${mark}`],
    [1, `ct mark & 0x${random.pick(['f', 'f0'])} != 0`],
    [1, `meta mark { 1, 2 }`],
  ]);
}

function headerMatch(ground: Ground, { family, protocol }: Shape): string {
  const { random } = ground;
  const four = family === 4 ? 1 : 0;
  const open = protocol === null ? 1 : 0;
  return random.weighted([
    [
      1 + 2 * four,
      `${four ? 'ip ttl' : 'ip6 hoplimit'} ${random.pick(['<', '>', '<=', ''])} ${random.pick([60, 62, 63, four ? 64 : 254])}`,
    ],
    [2 * four, `ip dscp ${random.pick(['ef', 'cs1', 'af11', '0x04'])}`],
    [
      open,
      family === 4
        ? `ip protocol ${random.pick(['tcp', 'udp', 'icmp'])}`
        : `ip6 nexthdr ${random.pick(['tcp', 'udp', 'ipv6-icmp'])}`,
    ],
    [open, `meta l4proto { tcp, udp }`],
    [0.1, ''],
  ]);
}

const FIB_TYPES = [
  'local',
  'unicast',
  'unreachable',
  'prohibit',
  'blackhole',
  'anycast',
  'broadcast',
  '{ local, unicast }',
];

function fibMatch(ground: Ground, { hook }: Shape): string {
  const { random } = ground;
  if (random.chance(0.3)) {
    const marked = random.chance(0.3) ? ' . mark' : '';
    return `fib ${random.pick(['saddr', 'daddr'])}${marked} type ${random.pick(FIB_TYPES)}`;
  }
  if (hook === 'prerouting') {
    return random.pick([
      'fib daddr type local',
      'fib saddr . iif oif missing',
      'fib saddr oif exists',
      'fib daddr . iif type local',
      'fib daddr type != local',
      'fib saddr . mark . iif oif missing',
    ]);
  }
  if (hook === 'forward')
    return random.pick([
      'fib saddr type unicast',
      'fib saddr . iif oif exists',
      'fib saddr oif missing',
      `fib daddr oifname "${ground.dev()}"`,
    ]);
  // no `oif` in INPUT: for packets of a socket that is connected the kernel skips the lookup (nft_fib_can_skip)
  if (hook === 'input') return random.pick(['fib daddr type local', 'fib saddr type unicast']);
  return random.pick(['fib daddr type local', 'fib daddr type unicast', 'fib saddr type local']);
}

function setMatch(ground: Ground, { family, protocol }: Shape): string {
  const { random } = ground;
  const where = `${header(family)} ${random.pick(['saddr', 'daddr'])}`;
  if (protocol === 'tcp' || protocol === 'udp') {
    return random.pick([
      `${where} @hosts${family}`,
      `${protocol} dport @ports`,
      `${where} . ${protocol} dport @pairs${family}`,
      `${where} . ${protocol} dport { ${ground.address(family)} . ${ground.port()} }`,
    ]);
  }
  return random.pick([`${where} @hosts${family}`, `${where} != @hosts${family}`, `${where} @nets${family}`]);
}
