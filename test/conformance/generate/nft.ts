import type { NftTable } from '../spec.ts';
import type { Ground } from './ground.ts';
import { matches, type Shape } from './nft-match.ts';
import { MARKS, PORTS } from './rules.ts';

type TableFamily = Shape['table'];
type NftChain = NftTable['chains'][number];

/** The nft tables of one host. */
export function nftTables(ground: Ground): NftTable[] {
  const { random } = ground;
  const families = random.weighted<TableFamily[]>([
    [5, ['inet']],
    [2, ['ip']],
    [1, ['ip6']],
    [2, ['ip', 'ip6']],
    [1, ['inet', 'ip']],
  ]);
  return families.map((family, i) => table(ground, family, `t${i}`));
}

function table(ground: Ground, family: TableFamily, name: string): NftTable {
  const { random } = ground;
  const chains: NftChain[] = [];
  const count = random.weighted([
    [3, 1],
    [4, 2],
    [3, 3],
    [1, 5],
  ]);
  for (let i = 0; i < count; i++) chains.push(...filterChain(ground, family, i));
  if (random.chance(0.45)) chains.push(...natChains(ground, family));
  return { family, name, sets: setsOf(ground, family), chains };
}

const families = (table: TableFamily): (4 | 6)[] => (table === 'inet' ? [4, 6] : table === 'ip' ? [4] : [6]);

function setsOf(ground: Ground, table: TableFamily): string[] {
  const { random } = ground;
  const list = (items: string[]): string => [...new Set(items)].join(', ');
  const ports = random.sample(PORTS, 2);
  return [
    `set ports { type inet_service; elements = { ${ports.join(', ')} }; }`,
    ...families(table).flatMap((f) => {
      const type = f === 4 ? 'ipv4_addr' : 'ipv6_addr';
      const hosts = list([ground.address(f), ground.address(f), ground.address(f)]);
      const [a, b] = [ground.address(f), ground.address(f)];
      return [
        `set hosts${f} { type ${type}; elements = { ${hosts} }; }`,
        `set nets${f} { type ${type}; flags interval; elements = { ${ground.prefix(f)} }; }`,
        `set pairs${f} { type ${type} . inet_service; elements = { ${a} . ${ports[0]!}, ${b} . ${ports[1]!} }; }`,
        `map marks${f} { type ${type} : mark; elements = { ${a} : ${random.pick(MARKS)}${a === b ? '' : `, ${b} : ${random.pick(MARKS)}`} }; }`,
        `map ways${f} { type ${type} : verdict; elements = { ${a} : ${random.pick(['accept', 'drop'])}${a === b ? '' : `, ${b} : accept`} }; }`,
        `map to${f} { type inet_service : ${type}; elements = { ${ports[0]!} : ${ground.address(f)}, ${ports[1]!} : ${ground.address(f)} }; }`,
      ];
    }),
  ];
}

const PRIORITIES = [-400, -300, -290, -150, -140, -101, 0, 0, 0, 0, 10, 50, 101, 150];

function filterChain(ground: Ground, table: TableFamily, number: number): NftChain[] {
  const { random } = ground;
  const hook = random.weighted([
    [3, 'prerouting'],
    [4, 'input'],
    [6, 'forward'],
    [3, 'output'],
    [2, 'postrouting'],
  ]);
  const priority = random.pick(PRIORITIES);
  const type = hook === 'output' && random.chance(0.5) ? 'route' : 'filter';
  const policy = random.chance(0.08) ? 'drop' : 'accept';
  const name = `c${number}`;
  const sub = random.chance(0.5) ? [`${name}a`, ...(random.chance(0.3) ? [`${name}b`] : [])] : [];
  const at = { table, hook, priority };
  const start = random.chance(0.25) ? ['ct state established,related accept'] : [];
  const own = rules(ground, at, sub);
  // chains that are jumped to come first
  const below = sub
    .map((s, i): NftChain => ({ name: s, hook: '', rules: rules(ground, at, sub.slice(i + 1)) }))
    .reverse();
  return [
    ...below,
    {
      name,
      hook: `type ${type} hook ${hook} priority ${priority}; policy ${policy};`,
      rules: [...(priority > -200 ? start : []), ...own],
    },
  ];
}

interface At {
  readonly table: TableFamily;
  readonly hook: string;
  readonly priority: number;
}

function rules(ground: Ground, at: At, sub: readonly string[]): string[] {
  const count = ground.random.weighted([
    [3, 1],
    [4, 2],
    [3, 3],
    [2, 5],
  ]);
  return Array.from({ length: count }, () => rule(ground, at, sub));
}

function shapeOf(ground: Ground, { table, hook }: Pick<At, 'table' | 'hook'>): Shape {
  const { random } = ground;
  const protocol = random.weighted([
    [3, null],
    [3, 'tcp'],
    [3, 'udp'],
    [2, 'icmp'],
  ] as const);
  return { table, hook, protocol, family: random.pick(families(table)) };
}

function rule(ground: Ground, at: At, sub: readonly string[]): string {
  const { random } = ground;
  const shape = shapeOf(ground, at);
  if (random.chance(0.12)) return verdictMap(ground, shape, sub);
  const words = matches(ground, shape);
  if (random.chance(0.1)) words.push('counter');
  return [...words, action(ground, shape, { ...at, sub })].join(' ');
}

function action(
  ground: Ground,
  shape: Shape,
  { sub, priority, hook }: At & { readonly sub: readonly string[] },
): string {
  const { random } = ground;
  const jump = sub.length > 0 ? random.pick(sub) : null;
  const canReject = hook !== 'postrouting';
  return random.weighted<() => string>([
    [6, () => 'accept'],
    [4, () => 'drop'],
    [canReject ? 4 : 0, () => reject(ground, shape)],
    [2, () => 'return'],
    [jump ? 5 : 0, () => `${random.pick(['jump', 'jump', 'goto'])} ${jump!}`],
    [8, () => setMark(ground, shape)],
    [shape.family === 4 ? 2 : 0, () => setHeader(ground)],
    // in INPUT the kernel has found the socket already, and nobody rewrites neighbour discovery
    [hook === 'input' || (shape.family === 6 && !hasPorts(shape)) ? 0 : 1, () => setEnds(ground, shape)],
    [priority < -200 && (hook === 'prerouting' || hook === 'output') ? 3 : 0, () => 'notrack'],
    [1, () => 'continue'],
  ])();
}

function setMark(ground: Ground, { family }: Shape): string {
  const { random } = ground;
  const mark = random.pick(MARKS);
  const header = family === 4 ? 'ip' : 'ip6';
  const set = random.weighted([
    [5, `meta mark set ${mark}`],
    [2, `meta mark set meta mark | ${mark}`],
    [1, `meta mark set meta mark & 0xf0`],
    [1, `meta mark set meta mark & 0xf | 0x10`],
    [3, 'meta mark set ct mark'],
    [3, 'ct mark set meta mark'],
    [3, `ct mark set ${mark}`],
    [1, `meta mark set ${header} ${random.pick(['saddr', 'daddr'])} map @marks${family}`],
    [1, `meta mark set ${header} saddr map { ${ground.address(family)} : ${mark} }`],
  ]);
  return random.chance(0.2) ? `${set} ${random.pick(['accept', 'ct mark set meta mark', 'return'])}` : set;
}

function setHeader({ random }: Ground): string {
  // more than 1 would keep a packet alive for ever in a loop
  return random.pick([`ip dscp set ${random.pick(['ef', 'cs1', '0x02'])}`, 'ip ttl set 1']);
}

const hasPorts = ({ protocol }: Pick<Shape, 'protocol'>): boolean => protocol === 'tcp' || protocol === 'udp';

/** Addresses and ports written without a connection. */
function setEnds(ground: Ground, shape: Shape): string {
  const { random } = ground;
  const { family, protocol } = shape;
  const header = family === 4 ? 'ip' : 'ip6';
  if (hasPorts(shape) && random.chance(0.5)) return `${protocol!} dport set ${ground.port()}`;
  return `${header} ${random.pick(['saddr', 'daddr', 'daddr'])} set ${ground.address(family)}`;
}

function reject({ random }: Ground, { table, family, protocol }: Shape): string {
  const kinds = [
    'reject',
    table === 'inet'
      ? `reject with icmpx ${random.pick(['port-unreachable', 'admin-prohibited', 'no-route', 'host-unreachable'])}`
      : 'reject',
    family === 4 && table === 'ip'
      ? `reject with icmp ${random.pick(['host-unreachable', 'net-unreachable', 'host-prohibited', 'net-prohibited', 'admin-prohibited', 'port-unreachable'])}`
      : 'reject',
    family === 6 && table === 'ip6'
      ? `reject with icmpv6 ${random.pick(['no-route', 'admin-prohibited', 'addr-unreachable', 'port-unreachable', 'policy-fail', 'reject-route'])}`
      : 'reject',
    protocol === 'tcp' ? 'reject with tcp reset' : 'reject',
    protocol === 'tcp' ? 'reject with tcp reset' : 'reject',
  ];
  return protocol === 'tcp' && random.chance(0.4) ? 'reject with tcp reset' : random.pick(kinds);
}

function verdictMap(ground: Ground, shape: Shape, sub: readonly string[]): string {
  const { random } = ground;
  const verdict = (): string =>
    random.weighted([
      [3, 'accept'],
      [2, 'drop'],
      [1, 'return'],
      [sub.length > 0 ? 3 : 0, `jump ${sub[0] ?? ''}`],
    ]);
  const header = shape.family === 4 ? 'ip' : 'ip6';
  const devs = shape.hook === 'output' || shape.hook === 'postrouting' ? 'oifname' : 'iifname';
  const [a, b] = random.sample(PORTS, 2);
  const mine = ground.address(shape.family);
  return random.pick([
    `ct state vmap { established : ${verdict()}, new : ${verdict()}, invalid : drop }`,
    `tcp dport vmap { ${a!} : ${verdict()}, ${b!} : ${verdict()} }`,
    `udp dport vmap { ${a!} : ${verdict()}, ${a! < 1000 ? '1000-9000' : '1-500'} : ${verdict()} }`,
    `${devs} vmap { "${ground.dev()}" : ${verdict()} }`,
    `${header} ${random.pick(['saddr', 'daddr'])} vmap { ${mine} : ${verdict()} }`,
    `${header} saddr vmap @ways${shape.family}`,
    `meta mark vmap { 0 : ${verdict()}, 1 : ${verdict()} }`,
    `meta l4proto vmap { tcp : ${verdict()}, udp : ${verdict()} }`,
  ]);
}

function natChains(ground: Ground, table: TableFamily): NftChain[] {
  const { random } = ground;
  const hooks = random.weighted([
    [3, ['prerouting']],
    [4, ['postrouting']],
    [4, ['prerouting', 'postrouting']],
    [1, ['output']],
    [1, ['input']],
    [2, ['prerouting', 'output', 'postrouting']],
  ]);
  return hooks.map((hook): NftChain => {
    const isSource = hook === 'postrouting' || hook === 'input';
    const count = random.int(1, 3);
    const lines = Array.from({ length: count }, () => natRule(ground, { table, hook }, isSource));
    const priority = isSource ? random.pick([100, 100, 105]) : random.pick([-100, -100, -105]);
    return { name: `n_${hook}`, hook: `type nat hook ${hook} priority ${priority}; policy accept;`, rules: lines };
  });
}

/** Ports that no probe speaks from. */
const RANGE = '50000-50050';

function natRule(ground: Ground, at: Pick<At, 'table' | 'hook'>, isSource: boolean): string {
  const { random } = ground;
  const shape = shapeOf(ground, at);
  const words = matches(ground, shape);
  const { family, protocol, table, hook } = shape;
  // the family must be known to an inet table
  const known = table !== 'inet' || words.some((w) => /^ip6? /.test(w)) ? [] : [`meta nfproto ipv${family}`];
  const to = table === 'inet' ? ` ip${family === 4 ? '' : '6'} to` : ' to';
  const ports = hasPorts(shape);
  const bracket = (a: string): string => (family === 6 ? `[${a}]` : a);
  const what = isSource
    ? random.weighted<() => string>([
        [hook === 'postrouting' ? 5 : 0, () => 'masquerade'],
        [4, () => `snat${to} ${ground.ownAddress(family)}`],
        [1, () => `snat${to} ${ground.address(family)}`],
        [ports ? 1 : 0, () => `snat${to} ${bracket(ground.ownAddress(family))}:${RANGE}`],
        [ports && hook === 'postrouting' ? 1 : 0, () => `masquerade to :${RANGE}`],
        [1, () => random.pick(['accept', 'return'])],
      ])
    : random.weighted<() => string>([
        [5, () => `dnat${to} ${ground.address(family)}`],
        [ports ? 4 : 0, () => `dnat${to} ${bracket(ground.address(family))}:${ground.port()}`],
        [3, () => (ports ? `redirect to :${ground.port()}` : 'redirect')],
        [ports ? 2 : 0, () => `dnat${to} ${protocol!} dport map @to${family}`],
        [ports ? 1 : 0, () => `dnat${to} ${bracket(ground.address(family))}:80-443`],
        [ports ? 1 : 0, () => 'redirect to :80-443'],
        [1, () => random.pick(['accept', 'return'])],
      ]);
  return [...known, ...words, what()].join(' ');
}
