import type { IptablesSpec, IptablesTable } from '../spec.ts';
import type { Ground } from './ground.ts';
import { MARKS } from './rules.ts';

/** The iptables rules of one host for both families. */
export function iptablesOf(ground: Ground, variant: IptablesSpec['variant']): IptablesSpec {
  return { variant, 4: tables(ground, 4), 6: ground.random.chance(0.7) ? tables(ground, 6) : [] };
}

const HOOKS: Readonly<Record<string, readonly string[]>> = {
  raw: ['PREROUTING', 'OUTPUT'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  security: ['INPUT', 'FORWARD', 'OUTPUT'],
};

function tables(ground: Ground, family: 4 | 6): IptablesTable[] {
  const { random } = ground;
  const share = { raw: 0.15, mangle: 0.4, nat: 0.4, filter: 0.8, security: 0.03 };
  return Object.entries(share)
    .filter(([, p]) => random.chance(p))
    .map(([name]) => table(ground, name, family));
}

function table(ground: Ground, name: string, family: 4 | 6): IptablesTable {
  const { random } = ground;
  const policy = (): string => (name === 'filter' && random.chance(0.08) ? 'DROP' : 'ACCEPT');
  const chains = HOOKS[name]!.map((hook) => `${hook} ${policy()}`);
  const used = random.sample(
    HOOKS[name]!,
    random.weighted([
      [4, 1],
      [3, 2],
      [1, 3],
    ]),
  );
  const rules = used.flatMap((hook) => {
    const own = random.chance(0.4) ? `${hook.toLowerCase()}-sub` : null;
    if (own) chains.push(`${own} -`);
    const at = { table: name, hook, family };
    const start =
      name === 'filter' && random.chance(0.4)
        ? [`-A ${hook} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`]
        : [];
    return [
      ...start,
      ...Array.from({ length: random.int(1, 3) }, () => `-A ${hook} ${rule(ground, at, own)}`),
      ...(own ? Array.from({ length: random.int(1, 3) }, () => `-A ${own} ${rule(ground, at, null)}`) : []),
    ];
  });
  return { name, chains, rules };
}

interface At {
  readonly table: string;
  readonly hook: string;
  readonly family: 4 | 6;
}

function rule(ground: Ground, at: At, sub: string | null): string {
  const { random } = ground;
  const protocol = random.weighted([
    [4, null],
    [3, 'tcp'],
    [3, 'udp'],
    [2, 'icmp'],
  ] as const);
  const count = random.weighted([
    [1, 0],
    [4, 1],
    [3, 2],
  ]);
  const words = protocol ? [protocolMatch(ground, at.family, protocol)] : [];
  for (let i = 0; i < count; i++) words.push(match(ground, at, words));
  words.push(target(ground, at, { protocol, sub }));
  return words.filter((w) => w !== '').join(' ');
}

function protocolMatch(ground: Ground, family: 4 | 6, protocol: 'tcp' | 'udp' | 'icmp'): string {
  const { random } = ground;
  if (protocol === 'icmp') {
    return family === 4
      ? random.pick([
          '-p icmp',
          '-p icmp -m icmp --icmp-type 8',
          '-p icmp -m icmp --icmp-type echo-reply',
          '-p icmp -m icmp --icmp-type 3/1',
        ])
      : random.pick([
          '-p ipv6-icmp',
          '-p ipv6-icmp -m icmp6 --icmpv6-type 128',
          '-p ipv6-icmp -m icmp6 --icmpv6-type echo-reply',
          '-p ipv6-icmp -m icmp6 --icmpv6-type neighbour-solicitation',
          '-p ipv6-icmp -m icmp6 --icmpv6-type 136',
        ]);
  }
  const [from, to] = ground.sourcePorts();
  const flags =
    protocol === 'tcp'
      ? random.pick(['--syn', '! --syn', '--tcp-flags SYN,ACK SYN,ACK', '--tcp-flags FIN,SYN,RST,ACK SYN'])
      : `--sport ${from}:${to}`;
  return random.weighted([
    [5, `-p ${protocol} -m ${protocol} --dport ${ground.port()}`],
    [1, `-p ${protocol} -m ${protocol} ! --dport ${ground.port()}`],
    [2, `-p ${protocol} -m multiport --dports ${ground.port()},1000:9000`],
    [1, `-p ${protocol} -m multiport --ports ${ground.port()},${ground.port()}`],
    [1, `-p ${protocol} -m ${protocol} --sport ${from}:${to}`],
    [1, `-p ${protocol} -m ${protocol} ${flags}`],
    [1, `-p ${protocol}`],
    [1, `! -p ${protocol}`],
  ]);
}

const INPUT = new Set(['PREROUTING', 'INPUT', 'FORWARD']);
const OUTPUT = new Set(['FORWARD', 'OUTPUT', 'POSTROUTING']);

function match(ground: Ground, { hook, family, table }: At, taken: readonly string[]): string {
  const { random } = ground;
  const not = random.chance(0.15) ? '! ' : '';
  const mark = `0x${random.pick(MARKS).toString(16)}${random.chance(0.3) ? '/0xff' : ''}`;
  const dev = random.chance(0.25) ? `${ground.dev().slice(0, 3)}+` : ground.dev();
  const whole = family === 4 ? 32 : 128;
  const somewhere = random.chance(0.5) ? ground.prefix(family) : `${ground.address(family)}/${whole}`;
  const has = (word: string): boolean => taken.some((t) => t.includes(word));
  const seldom = family === 4 ? 'ttl --ttl' : 'hl --hl';
  const [a, b] = [ground.address(4), ground.address(4)].sort((x, y) => numberOf(x) - numberOf(y));
  const found = random.weighted<string>([
    [5, has('-s ') ? '' : `${not}-s ${somewhere}`],
    [5, has('-d ') ? '' : `${not}-d ${somewhere}`],
    [4, INPUT.has(hook) && !has('-i ') ? `${not}-i ${dev}` : ''],
    [3, OUTPUT.has(hook) && !has('-o ') ? `${not}-o ${dev}` : ''],
    [
      5,
      `-m conntrack ${not}--ctstate ${random.pick(['NEW', 'ESTABLISHED', 'RELATED,ESTABLISHED', 'INVALID', 'NEW,UNTRACKED', 'DNAT', 'SNAT'])}`,
    ],
    [1, `-m state --state ${random.pick(['NEW', 'RELATED,ESTABLISHED', 'INVALID'])}`],
    [
      2,
      `-m conntrack ${not}--ctstate ${random.pick(['NEW', 'INVALID', 'ESTABLISHED', 'INVALID,DNAT', 'NEW,SNAT'])} ${connection(ground, family)}`,
    ],
    [2, `-m conntrack ${connection(ground, family)}`],
    [4, `-m mark ${not}--mark ${mark}`],
    [3, `-m connmark ${not}--mark ${mark}`],
    [
      2,
      `-m addrtype ${random.pick(['--dst-type LOCAL', '--src-type LOCAL', '! --dst-type LOCAL', '--dst-type UNICAST', '! --src-type UNICAST', '--src-type UNREACHABLE', ...(INPUT.has(hook) ? ['--dst-type LOCAL --limit-iface-in'] : []), ...(OUTPUT.has(hook) ? ['--src-type LOCAL --limit-iface-out'] : [])])}`,
    ],
    [1, `-m ${seldom}-${random.pick(['eq 64', 'lt 63', 'gt 62'])}`],
    [1, `-m dscp --dscp ${random.pick(['0x2e', '0x04', '0x0a'])}`],
    [1, family === 4 ? `-m iprange --${random.pick(['src', 'dst'])}-range ${a!}-${b!}` : ''],
    [
      1,
      (table === 'raw' || table === 'mangle') && hook === 'PREROUTING'
        ? `-m rpfilter ${random.pick(['', '--invert', '--loose', '--loose --invert', '--validmark', '--validmark --invert'])}`
        : '',
    ],
  ]);
  return found.trim();
}

/** What the connection is asked for besides its state. */
function connection(ground: Ground, family: 4 | 6): string {
  const { random } = ground;
  const not = random.chance(0.2) ? '! ' : '';
  return random.pick([
    `--ctdir ${random.pick(['ORIGINAL', 'REPLY'])}`,
    `${not}--ctorigdst ${ground.address(family)}`,
    `${not}--ctorigsrc ${ground.prefix(family)}`,
    `${not}--ctreplsrc ${ground.address(family)}`,
    `${not}--ctrepldst ${ground.address(family)}`,
    `${not}--ctstatus ${random.pick(['SEEN_REPLY', 'CONFIRMED', 'ASSURED', 'NONE'])}`,
    `${not}--ctproto ${random.pick(['6', '17'])}`,
    `--ctproto 6 ${not}--ctorigdstport ${ground.port()}`,
    `--ctproto 17 ${not}--ctreplsrcport ${ground.port()}`,
  ]);
}

const numberOf = (address: string): number => address.split('.').reduce((n, part) => n * 256 + Number(part), 0);

function target(
  ground: Ground,
  at: At,
  { protocol, sub }: { readonly protocol: string | null; readonly sub: string | null },
): string {
  const { random } = ground;
  const jump = sub !== null && random.chance(0.3) ? `${random.pick(['-j', '-j', '-g'])} ${sub}` : null;
  if (jump) return jump;
  if (at.table === 'nat') return natTarget(ground, at, protocol);
  return random.weighted<() => string>([
    [5, () => '-j ACCEPT'],
    [at.table === 'filter' ? 4 : 1.5, () => '-j DROP'],
    [2, () => '-j RETURN'],
    [at.table === 'filter' ? 4 : 0, () => reject(ground, at.family, protocol)],
    [at.table === 'mangle' ? 12 : 0, () => mark(ground, at.family)],
    [at.table === 'raw' ? 5 : 0, () => random.pick(['-j CT --notrack', '-j NOTRACK'])],
  ])();
}

function mark({ random }: Ground, family: 4 | 6): string {
  const hex = `0x${random.pick(MARKS).toString(16)}`;
  const ttl = family === 4 ? 'TTL --ttl' : 'HL --hl';
  return `-j ${random.weighted([
    [4, `MARK --set-mark ${hex}`],
    [2, `MARK --set-xmark ${hex}/0xff`],
    [1, `MARK --or-mark ${hex}`],
    [1, 'MARK --and-mark 0xf0'],
    [3, `CONNMARK --set-mark ${hex}`],
    [3, 'CONNMARK --save-mark'],
    [3, 'CONNMARK --restore-mark'],
    [1, 'CONNMARK --restore-mark --nfmask 0xff --ctmask 0xff'],
    [1, `CONNMARK --set-xmark ${hex}/0xff`],
    [1, `DSCP --set-dscp ${random.pick(['0x2e', '0x04'])}`],
    // more than 1 would keep a packet alive for ever in a loop
    [1, `${ttl}-set 1`],
    [1, 'TOS --set-tos 0x10/0xff'],
  ])}`;
}

function reject({ random }: Ground, family: 4 | 6, protocol: string | null): string {
  const kinds =
    family === 4
      ? [
          'icmp-port-unreachable',
          'icmp-host-unreachable',
          'icmp-net-unreachable',
          'icmp-proto-unreachable',
          'icmp-net-prohibited',
          'icmp-host-prohibited',
          'icmp-admin-prohibited',
        ]
      : ['icmp6-no-route', 'icmp6-adm-prohibited', 'icmp6-addr-unreachable', 'icmp6-port-unreachable'];
  if (protocol === 'tcp' && random.chance(0.6)) return '-j REJECT --reject-with tcp-reset';
  return random.chance(0.3) ? '-j REJECT' : `-j REJECT --reject-with ${random.pick(kinds)}`;
}

function natTarget(ground: Ground, { hook, family }: At, protocol: string | null): string {
  const { random } = ground;
  const isSource = hook === 'POSTROUTING' || hook === 'INPUT';
  const hasPorts = protocol === 'tcp' || protocol === 'udp';
  const bracket = (a: string): string => (family === 6 ? `[${a}]` : a);
  if (isSource) {
    return random.weighted([
      [hook === 'POSTROUTING' ? 5 : 0, '-j MASQUERADE'],
      [4, `-j SNAT --to-source ${ground.ownAddress(family)}`],
      [1, `-j SNAT --to-source ${ground.address(family)}`],
      [hasPorts ? 1 : 0, `-j SNAT --to-source ${bracket(ground.ownAddress(family))}:50000-50050`],
      [hasPorts && hook === 'POSTROUTING' ? 1 : 0, '-j MASQUERADE --to-ports 50000-50050'],
      [family === 4 ? 0.5 : 0, '-j NETMAP --to 203.0.113.0/24'],
      [1, random.pick(['-j ACCEPT', '-j RETURN'])],
    ]);
  }
  return random.weighted([
    [5, `-j DNAT --to-destination ${ground.address(family)}`],
    [hasPorts ? 4 : 0, `-j DNAT --to-destination ${bracket(ground.address(family))}:${ground.port()}`],
    [3, hasPorts ? `-j REDIRECT --to-ports ${ground.port()}` : '-j REDIRECT'],
    [hasPorts ? 1 : 0, '-j REDIRECT --to-ports 80-443'],
    [hasPorts ? 1 : 0, `-j DNAT --to-destination ${bracket(ground.address(family))}:80-443`],
    [family === 4 ? 0.5 : 0, `-j NETMAP --to ${ground.prefix(4)}`],
    [1, random.pick(['-j ACCEPT', '-j RETURN'])],
  ]);
}
