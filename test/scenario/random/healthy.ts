import fc from 'fast-check';

/** What a random network without faults is made of. */
export interface Plan {
  readonly family: 4 | 6;
  readonly blocks: { readonly office: string; readonly dmz: string; readonly vpn: string; readonly site: string };
  /** Boxes of the office besides router, VPN server and target. */
  readonly neighbours: number;
  /** Clients besides the laptop. */
  readonly clients: number;
  /** The target stands in a second network behind the router. */
  readonly inDmz: boolean;
  readonly firewallOnServer: boolean;
  readonly firewallOnTarget: boolean;
  /** rp_filter of router, VPN server and target. */
  readonly sourceCheck: 0 | 1 | 2;
  readonly redirects: boolean;
  /** One client has a LAN behind it, with a router of its own. IPv4 only. */
  readonly hasSite: boolean;
}

const block = (...names: string[]): fc.Arbitrary<string> => fc.constantFrom(...names);

const blocks4 = fc.record({
  office: block('10.5.5.0/24', '172.20.0.0/16', '192.168.77.0/25'),
  dmz: block('10.6.6.0/24', '172.21.4.0/22'),
  vpn: block('10.8.0.0/24', '172.27.224.0/20'),
  site: block('192.168.50.0/24', '172.19.0.0/16'),
});
const blocks6 = fc.record({
  office: block('fd00:5::/64', '2001:db8:5::/64'),
  dmz: block('fd00:6::/64'),
  vpn: block('fd00:8::/64', 'fd00:8:8::/112'),
  site: block('fd00:50::/64'),
});

/** Plans of healthy networks. */
export const anyPlan: fc.Arbitrary<Plan> = fc.constantFrom(4 as const, 4 as const, 6 as const).chain((family) =>
  fc.record({
    family: fc.constant(family),
    blocks: family === 4 ? blocks4 : blocks6,
    neighbours: fc.integer({ min: 1, max: 3 }),
    clients: fc.integer({ min: 0, max: 2 }),
    inDmz: fc.boolean(),
    firewallOnServer: fc.boolean(),
    firewallOnTarget: fc.boolean(),
    sourceCheck: fc.constantFrom(0 as const, 1 as const, 2 as const),
    redirects: fc.boolean(),
    hasSite: family === 4 ? fc.boolean() : fc.constant(false),
  }),
);

/** One host of a network file, as its parts. */
export interface HostText {
  on: Record<string, string>;
  forwards: boolean;
  routes: string[];
  rules: string[];
  settings: Record<string, number>;
  /** Rules in the words of iptables-save, by table. */
  iptables: { filter?: string[]; mangle?: string[]; nat?: string[] };
  openvpn?: string;
  /** Interfaces on no network. */
  interfaces?: Record<string, string>;
  /** The common name of an OpenVPN client. */
  commonName?: string;
}

/** A network file as its parts, so that a fault can be put in. */
export interface Draft {
  readonly plan: Plan;
  networks: Record<string, string>;
  hosts: Record<string, HostText>;
  /** Lines of the server's configuration. */
  pushes: string[];
  /** Lines of the server's configuration for what lies behind a client. */
  siteLines: string[];
  /** The server's client files. */
  ccd: Record<string, string>;
}

/** `10.5.5.20` for 20 in 10.5.5.0/24. */
export const at = (prefix: string, n: number): string => {
  const base = prefix.slice(0, prefix.indexOf('/'));
  return base.includes(':') ? `${base}${n}` : base.replace(/\d+$/, String(n));
};

const plain = (on: Record<string, string>, ...routes: string[]): HostText => ({
  on, forwards: false, routes, rules: [], settings: {}, iptables: {},
}); // prettier-ignore

/** The network of a plan: a client, a VPN server in an office, the office's router, a target there or in the dmz. */
export function draftOf(plan: Plan): Draft {
  const { office, dmz, vpn } = plan.blocks;
  const six = plan.family === 6;
  const pub = (n: number): string => (six ? `2001:db8:ffff::${n}` : `203.0.113.${n}`);
  const router = {
    ...plain({ office: at(office, 1), internet: pub(1) }, `default via ${pub(254)}`, `${vpn} via ${at(office, 5)}`),
    forwards: true,
  };
  if (plan.inDmz) router.on['dmz'] = at(dmz, 1);
  const server = { ...plain({ office: at(office, 5) }, `default via ${at(office, 1)}`), forwards: true };
  const target = plan.inDmz
    ? plain({ dmz: at(dmz, 20) }, `default via ${at(dmz, 1)}`)
    : plain({ office: at(office, 20) }, `default via ${at(office, 1)}`);
  const hosts: Record<string, HostText> = { router, 'vpn-server': server, target };
  for (let i = 0; i < plan.neighbours; i++)
    hosts[`box${i}`] = plain({ office: at(office, 30 + i) }, `default via ${at(office, 1)}`);
  const home = six ? '2001:db8:1::/64' : '192.168.1.0/24';
  hosts['home-router'] = {
    ...plain(
      { home: at(home, 1), internet: six ? '2001:db8:fffe::1' : '198.51.100.7' },
      `default via ${six ? '2001:db8:fffe::fe' : '198.51.100.1'}`,
    ),
    forwards: true,
  };
  for (const [i, name] of ['laptop', ...Array.from({ length: plan.clients }, (_, n) => `client${n}`)].entries())
    hosts[name] = {
      ...plain({ home: at(home, 10 + i) }, `default via ${at(home, 1)}`),
      openvpn: 'client\\ndev tun\\nremote 203.0.113.1\\n',
    };
  for (const host of [router, server, target]) {
    host.settings['net.ipv4.conf.all.rp_filter'] = plan.sourceCheck;
    if (!plan.redirects) host.settings['net.ipv4.conf.all.send_redirects'] = 0;
  }
  if (!plan.redirects) router.settings['net.ipv4.conf.eth0.send_redirects'] = 0;
  addFirewalls(plan, server, target);
  const nets = { office, home, internet: 'internet', ...(plan.inDmz ? { dmz } : {}) };
  const draft: Draft = {
    plan,
    networks: nets,
    hosts,
    pushes: [office, ...(plan.inDmz ? [dmz] : [])],
    siteLines: [],
    ccd: {},
  };
  if (plan.hasSite) addSite(draft);
  return draft;
}

/** A LAN behind a client, and everything that it needs. */
function addSite(draft: Draft): void {
  const { plan, hosts } = draft;
  const { site, office, vpn } = plan.blocks;
  draft.networks['site'] = site;
  draft.siteLines = ['client-config-dir ccd', `route ${words(site)}`];
  draft.ccd = { branch: `iroute ${words(site)}` };
  hosts['router']!.routes.push(`${site} via ${at(office, 5)}`);
  const back = [...draft.pushes, vpn].map((p) => `${p} via ${at(site, 5)}`);
  hosts['branch-router'] = {
    ...plain({ site: at(site, 1), internet: '198.51.100.77' }, 'default via 198.51.100.1', ...back),
    forwards: true,
  };
  hosts['branch'] = {
    ...plain({ site: at(site, 5) }, `default via ${at(site, 1)}`),
    forwards: true,
    commonName: 'branch',
    openvpn: 'client\\ndev tun\\nremote 203.0.113.1\\n',
  };
  hosts['branch-pc'] = plain({ site: at(site, 20) }, `default via ${at(site, 1)}`);
}

/** Firewalls that let through what should get through. */
function addFirewalls(plan: Plan, server: HostText, target: HostText): void {
  const { office, vpn, site } = plan.blocks;
  if (plan.firewallOnServer)
    server.iptables.filter = [
      ':FORWARD DROP',
      '-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
      '-A FORWARD -i tun0 -o eth0 -j ACCEPT',
      '-A FORWARD -i eth0 -o tun0 -j ACCEPT',
    ];
  if (plan.firewallOnTarget)
    target.iptables.filter = [
      ':INPUT DROP',
      '-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
      ...discovery(plan),
      `-A INPUT -s ${office} -j ACCEPT`,
      `-A INPUT -s ${vpn} -j ACCEPT`,
      ...(plan.hasSite ? [`-A INPUT -s ${site} -j ACCEPT`] : []),
    ];
}

/** Without these an IPv6 host is found by nobody. */
export const discovery = ({ family }: Plan): string[] =>
  family === 4 ? [] : [135, 136].map((type) => `-A INPUT -p ipv6-icmp -m icmp6 --icmpv6-type ${type} -j ACCEPT`);

/** The draft as a network file. */
export function textOf(draft: Draft): string {
  const { plan, networks, hosts } = draft;
  const quoted = (v: string): string => (v.includes(':') ? JSON.stringify(v) : v);
  const map = (m: Record<string, string | number>): string =>
    Object.entries(m)
      .map(([k, v]) => `${k}: ${typeof v === 'number' ? v : quoted(v)}`)
      .join(', ');
  const lines = [`networks: { ${map(networks)} }`, 'hosts:'];
  for (const [name, host] of Object.entries(hosts)) {
    lines.push(
      `  ${name}:`,
      `    on: { ${map(host.on)} }`,
      `    forwards: ${host.forwards}`,
      `    routes: [${host.routes.map(quoted).join(', ')}]`,
    );
    if (host.rules.length > 0) lines.push(`    rules: [${host.rules.map(quoted).join(', ')}]`);
    if (Object.keys(host.settings).length > 0) lines.push(`    settings: { ${map(host.settings)} }`);
    lines.push(...filterLines(host, plan.family));
    if (host.interfaces) lines.push(`    interfaces: { ${map(host.interfaces)} }`);
    const said = host.commonName ? `, common-name: ${host.commonName}` : '';
    if (host.openvpn) lines.push(`    openvpn: { config: "${host.openvpn}"${said} }`);
    if (name !== 'vpn-server') continue;
    lines.push('    openvpn:', '      config: |', ...serverLines(draft).map((l) => `        ${l}`));
    const files = Object.entries(draft.ccd).map(([file, text]) => `${file}: "${text}\\n"`);
    if (files.length > 0) lines.push(`      ccd: { ${files.join(', ')} }`);
  }
  return lines.join('\n') + '\n';
}

const CHAINS = {
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
};

function filterLines(host: HostText, family: 4 | 6): string[] {
  const tables = Object.entries(host.iptables) as [keyof typeof CHAINS, string[]][];
  if (tables.length === 0) return ['    filter: none'];
  const saved = tables.flatMap(([table, lines]) => {
    const policies = CHAINS[table].map((c) => `:${c} ${lines.includes(`:${c} DROP`) ? 'DROP' : 'ACCEPT'} [0:0]`);
    return [`*${table}`, ...policies, ...lines.filter((l) => !l.startsWith(':')), 'COMMIT'];
  });
  return [`    ${family === 4 ? 'iptables' : 'ip6tables'}: |`, ...saved.map((l) => `      ${l}`)];
}

function serverLines({ plan, pushes, siteLines }: Draft): string[] {
  const head = ['dev tun', 'topology subnet'];
  if (plan.family === 6) {
    const routes = pushes.map((p) => `push "route-ipv6 ${p}"`);
    return [...head, 'server 10.99.0.0 255.255.255.0', `server-ipv6 ${plan.blocks.vpn}`, ...routes];
  }
  return [...head, `server ${words(plan.blocks.vpn)}`, ...siteLines, ...pushes.map((p) => `push "route ${words(p)}"`)];
}

/** `10.8.0.0 255.255.255.0`. */
function words(prefix: string): string {
  const [base, length] = prefix.split('/');
  const mask = (0xffffffff << (32 - Number(length))) >>> 0;
  return `${base} ${[24, 16, 8, 0].map((n) => (mask >>> n) & 255).join('.')}`;
}
