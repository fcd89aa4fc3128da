import type { HostSpec, NetworkSpec, ProbeSpec } from '../conformance/spec.ts';

/** What differs from one director's network to the next. */
export interface DirectorSpec {
  readonly name: string;
  /** Lines for ipvsadm-restore. */
  readonly ipvs: readonly string[];
  /** Rules of iptables on the director, by table. */
  readonly rules?: Readonly<Partial<Record<'mangle' | 'filter' | 'nat', readonly string[]>>>;
  readonly rules6?: Readonly<Partial<Record<'mangle' | 'filter', readonly string[]>>>;
  /** Settings of the director. */
  readonly settings?: HostSpec['settings'];
  /** Other parts of the director. */
  readonly more?: Partial<HostSpec>;
  /** Page servers have the virtual address on lo, where ARP does not show it. */
  readonly direct?: boolean;
  /** Where page1 sends its answers; the director unless said. */
  readonly page1?: string | null;
  readonly probes: readonly ProbeSpec[];
}

export const VIP = '203.0.113.10';
export const VIP6 = '2001:db8:113::10';

/** Ports whose packets from the visitor have the mark of the same number. */
export const MARKS = Array.from({ length: 16 }, (_, i) => 1001 + i);

/** The rules that mark them. */
export const marking = (source: string): string[] =>
  MARKS.map((n) => `-A PREROUTING -s ${source} -p tcp -m tcp --dport ${n} -j MARK --set-mark ${n}`);

let port = 40_000;

/** Questions of the visitor, or of somebody else; each with a source port of its own. */
export const tcp = (destinationPort: number, destination = VIP, from = 'visitor'): ProbeSpec => ({
  from,
  destination,
  protocol: 'tcp',
  destinationPort,
  sourcePort: port++,
});

const BASE = { settings: [], neighbours: [], routes: [], rules: [], down: [], nft: [], iptables: null } as const;

const forwards: HostSpec['settings'] = [
  ['ipv4/ip_forward', '1'],
  ['ipv6/conf/all/forwarding', '1'],
];

const CHAINS = {
  mangle: ['PREROUTING ACCEPT', 'INPUT ACCEPT', 'FORWARD ACCEPT', 'OUTPUT ACCEPT', 'POSTROUTING ACCEPT'],
  filter: ['INPUT ACCEPT', 'FORWARD ACCEPT', 'OUTPUT ACCEPT'],
  nat: ['PREROUTING ACCEPT', 'INPUT ACCEPT', 'OUTPUT ACCEPT', 'POSTROUTING ACCEPT'],
} as const;

type Tables = Readonly<Partial<Record<keyof typeof CHAINS, readonly string[]>>>;

const tables = (rules: Tables = {}): NonNullable<HostSpec['iptables']>[4] =>
  (['mangle', 'filter', 'nat'] as const).flatMap((name) =>
    rules[name] ? [{ name, chains: CHAINS[name].map((c) => `${c} [0:0]`), rules: rules[name] }] : [],
  );

/**
 * visitor (198.51.100.10) and isp on one wire, isp and www (203.0.113.10) on another, www (10.10.10.254), page1, page2
 * and other (10.10.10.253, a second way out by isp) on a switch; IPv6 beside.
 */
export function directorSpec(d: DirectorSpec): NetworkSpec {
  const device = (host: number, names: readonly string[]): HostSpec['devices'] =>
    names.map((name, i) => ({ name, mac: `02:00:00:0${host}:00:0${i}` }));
  const visitor: HostSpec = {
    ...BASE,
    name: 'visitor',
    devices: device(1, ['eth0']),
    addresses: at('eth0', '198.51.100.10/24', '2001:db8:100::10/64'),
    routes: defaults('198.51.100.1', '2001:db8:100::1'),
  };
  const isp: HostSpec = {
    ...BASE,
    name: 'isp',
    devices: device(2, ['eth0', 'eth1', 'eth2']),
    settings: forwards,
    addresses: [
      ...at('eth0', '198.51.100.1/24', '2001:db8:100::1/64'),
      ...at('eth1', '203.0.113.1/24', '2001:db8:113::1/64'),
      ...at('eth2', '192.0.2.1/24', '2001:db8:2::1/64'),
    ],
    routes: [{ prefix: '10.10.10.0/24', via: VIP }],
  };
  const other: HostSpec = {
    ...BASE,
    name: 'other',
    devices: device(3, ['eth0', 'eth1']),
    settings: forwards,
    addresses: [...at('eth0', '192.0.2.2/24', '2001:db8:2::2/64'), ...at('eth1', '10.10.10.253/24', 'fd00:10::253/64')],
    routes: defaults('192.0.2.1', '2001:db8:2::1'),
  };
  const page = (n: 1 | 2, gateway: string | null): HostSpec => ({
    ...BASE,
    name: `page${n}`,
    devices: device(3 + n, ['eth0']),
    settings: d.direct ? [['ipv4/conf/all/arp_ignore', '1']] : [],
    addresses: [
      ...at('eth0', `10.10.10.${n}/24`, `fd00:10::${n}/64`),
      ...(d.direct ? at('lo', `${VIP}/32`, `${VIP6}/128`) : []),
    ],
    routes: gateway === null ? [] : defaults(gateway, gateway.replace('10.10.10.', 'fd00:10::')),
  });
  return {
    name: d.name,
    hosts: [
      visitor,
      isp,
      other,
      directorOf(d, device(6, ['eth0', 'eth1'])),
      page(1, d.page1 === undefined ? INSIDE : d.page1),
      page(2, INSIDE),
    ],
    links: [
      { name: 'home', kind: 'pair', ends: ends('visitor:eth0', 'isp:eth0') },
      { name: 'outside', kind: 'pair', ends: ends('isp:eth1', 'www:eth0') },
      { name: 'side', kind: 'pair', ends: ends('isp:eth2', 'other:eth0') },
      { name: 'pages', kind: 'switch', ends: ends('www:eth1', 'other:eth1', 'page1:eth0', 'page2:eth0') },
    ],
    ports: { tcp: [80, 443, 8080, ...MARKS], udp: [53, 54] },
    probes: d.probes,
  };
}

const INSIDE = '10.10.10.254';

function directorOf(d: DirectorSpec, devices: HostSpec['devices']): HostSpec {
  return {
    ...BASE,
    name: 'www',
    devices,
    settings: [...forwards, ...(d.settings ?? [])],
    addresses: [...at('eth0', `${VIP}/24`, `${VIP6}/64`), ...at('eth1', `${INSIDE}/24`, 'fd00:10::254/64')],
    routes: [...defaults('203.0.113.1', '2001:db8:113::1'), ...(d.more?.routes ?? [])],
    rules: d.more?.rules ?? [],
    iptables: d.rules || d.rules6 ? { variant: 'nft', 4: tables(d.rules), 6: tables(d.rules6) } : null,
    ipvs: d.ipvs,
  };
}

const at = (dev: string, ...addresses: readonly string[]): HostSpec['addresses'] =>
  addresses.map((address) => ({ dev, address }));

const defaults = (four: string, six: string): HostSpec['routes'] => [
  { prefix: '0.0.0.0/0', via: four },
  { prefix: '::/0', via: six },
];

const ends = (...texts: readonly string[]): NetworkSpec['links'][number]['ends'] =>
  texts.map((t) => ({ host: t.split(':')[0]!, dev: t.split(':')[1]! }));
