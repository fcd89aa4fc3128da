import { expect } from 'vitest';
import { loadText } from '../../src/facts/index.ts';
import type { Network } from '../../src/model/index.ts';

/** Keys made for these tests, private and public. */
const KEYS = {
  hub: ['CEDiSaN07Po/3zU21TZrRHnhO15y5SOU/DHXz6EujFc=', 'QPL3XKMOu0JQy7NCUPdyCWRmCO5qwmkqCvNl16j4sj4='],
  branch: ['OBWfzeEcPX9GNMoIxSlkykoRf+165m7Qf0f7+jIQxlA=', 'U+hKjQiiR5XHRYWw6cZ9fzPym1soQRTYSOaLtdfyECQ='],
  phone: ['cBFXkVvgBwMMuK43U0hq5c6xdJ6W940bxCqw/qyUhlU=', 'g/TKy+78AS08dwjxTwIsnpDIF2G9RKZVclEORsKOuRI='],
} as const;

type Gate = keyof typeof KEYS;

/** One host: interfaces eth0, eth1, … in the order of its links, each with /24. */
interface Box {
  readonly on: Readonly<Record<string, string>>;
  readonly routes?: readonly string[];
  readonly forwards?: boolean;
  /** Lines of iptables-save. */
  readonly rules?: readonly string[];
}

/** Two offices and a telephone in a café, each with WireGuard; a provider that knows public networks only. */
export interface Site {
  readonly boxes: Readonly<Record<string, Box>>;
  /** Files of wg-quick, called wg0.conf. */
  readonly files: Readonly<Record<Gate, string>>;
}

/** What differs from a site where all is well. */
export interface Variant {
  readonly edit?: (files: Record<Gate, string>) => void;
  readonly routes?: Readonly<Record<string, readonly string[]>>;
  readonly rules?: Readonly<Record<string, readonly string[]>>;
}

const NAT = ['*nat', '-A POSTROUTING -o eth1 -j MASQUERADE', 'COMMIT'];

const BOXES: Site['boxes'] = {
  server: { on: { office: '10.1.0.20' }, routes: ['default via 10.1.0.1'] },
  hub: { on: { office: '10.1.0.1', wan1: '198.51.100.2' }, routes: ['default via 198.51.100.1'], forwards: true },
  branch: { on: { shop: '10.2.0.1', wan2: '203.0.113.7' }, routes: ['default via 203.0.113.1'], forwards: true },
  printer: { on: { shop: '10.2.0.20' }, routes: ['default via 10.2.0.1'] },
  phone: { on: { wifi: '192.168.77.5' }, routes: ['default via 192.168.77.1'] },
  cafe: {
    on: { wifi: '192.168.77.1', wan3: '192.0.2.9' },
    routes: ['default via 192.0.2.1'],
    forwards: true,
    rules: NAT,
  },
  isp: { on: { wan1: '198.51.100.1', wan2: '203.0.113.1', wan3: '192.0.2.1' }, forwards: true },
};

const interfaceOf = (gate: Gate, lines: string): string => `[Interface]\nPrivateKey = ${KEYS[gate][0]}\n${lines}\n`;

const peerOf = (gate: Gate, lines: string): string => `[Peer]\nPublicKey = ${KEYS[gate][1]}\n${lines}\n`;

const HUB = 'Endpoint = 198.51.100.2:51820';

function filesOf(): Record<Gate, string> {
  const phone = peerOf('phone', 'AllowedIPs = 10.99.0.3/32');
  const branch = peerOf('branch', 'AllowedIPs = 10.99.0.2/32, 10.2.0.0/24');
  const networks = `${HUB}\nAllowedIPs = 10.99.0.0/24, 10.1.0.0/24\nPersistentKeepalive = 25`;
  return {
    hub: interfaceOf('hub', 'Address = 10.99.0.1/24\nListenPort = 51820') + branch + phone,
    branch: interfaceOf('branch', 'Address = 10.99.0.2/24') + peerOf('hub', networks),
    phone: interfaceOf('phone', 'Address = 10.99.0.3/32') + peerOf('hub', `${HUB}\nAllowedIPs = 0.0.0.0/0`),
  };
}

/** The site with what differs. */
export function siteOf({ edit, routes = {}, rules = {} }: Variant): Site {
  const files = filesOf();
  edit?.(files);
  const boxes = Object.entries(BOXES).map(([name, box]): [string, Box] => [
    name,
    { ...box, routes: [...(box.routes ?? []), ...(routes[name] ?? [])], rules: rules[name] ?? box.rules ?? [] },
  ]);
  return { boxes: Object.fromEntries(boxes), files };
}

const indented = (text: string): string => text.replaceAll(/^(?=.)/gm, '      ');

/** The site as a network file. */
export function siteFile({ boxes, files }: Site): string {
  const links = new Map(Object.values(boxes).flatMap((b) => Object.entries(b.on)));
  const hosts = Object.entries(boxes).map(([name, { on, routes = [], forwards = false, rules = [] }]) => {
    const filter = rules.length > 0 ? `    iptables: |\n${indented(`${rules.join('\n')}\n`)}` : '    filter: none\n';
    const file = Object.hasOwn(files, name) ? `    wireguard: |\n${indented(files[name as Gate])}` : '';
    return `  ${name}:\n    on: ${JSON.stringify(on)}\n    forwards: ${forwards}\n    routes: ${JSON.stringify(routes)}\n${filter}${file}`;
  });
  const networks = [...links].map(([name, address]) => `  ${name}: ${address.replace(/\d+$/, '0')}/24\n`);
  return `networks:\n${networks.join('')}  vpn: 10.99.0.0/24\nhosts:\n${hosts.join('')}`;
}

/** The site as a network; it must be without faults. */
export function siteNetwork(site: Site): Network {
  const { value, diagnostics } = loadText(siteFile(site), 'site.yaml', { read: () => null, list: () => [] });
  expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
  return value;
}

/** Shell commands that make the boxes of namespaces, without their tunnels. */
export function boxCommands(): string {
  const links = [...new Set(Object.values(BOXES).flatMap((b) => Object.keys(b.on)))];
  const lines = links.map((l) => `ip link add ${l} type bridge; ip link set ${l} up`);
  for (const [name, { on, routes = [], forwards = false, rules = [] }] of Object.entries(BOXES)) {
    lines.push(`ip netns add ${name}; ip -n ${name} link set lo up`);
    for (const [i, [link, address]] of Object.entries(on).entries())
      lines.push(
        `ip link add eth${i} netns ${name} type veth peer name ${name}${i}; ip link set ${name}${i} master ${link} up`,
        `ip -n ${name} addr add ${address}/24 dev eth${i}; ip -n ${name} link set eth${i} up`,
      );
    const set = `echo ${forwards ? 1 : 0} >/proc/sys/net/ipv4/ip_forward; for f in /proc/sys/net/ipv4/conf/*/rp_filter; do echo 0 >$f; done`;
    lines.push(`ip netns exec ${name} sh -c '${set}'`, ...routeCommands(name, 'add', routes), restore(name, rules));
  }
  return lines.join('\n');
}

const routeCommands = (name: string, verb: 'add' | 'del', routes: readonly string[]): string[] =>
  routes.map((r) => `ip -n ${name} route ${verb} ${r}`);

const restore = (name: string, rules: readonly string[]): string =>
  rules.length === 0 ? ':' : `ip netns exec ${name} iptables-nft-restore <<'RULES'\n${rules.join('\n')}\nRULES`;

/** Commands that bring the tunnels up in the folder `at`, run `between`, and take them down again. */
export function tunnelCommands(variant: Variant, at: string, between: readonly string[]): string {
  const { files } = siteOf(variant);
  const { routes = {}, rules = {} } = variant;
  const gates = Object.entries(files);
  const quick = (name: string, verb: string): string =>
    `ip netns exec ${name} wg-quick ${verb} ${at}/${name}/wg0.conf >${at}/log 2>&1 || cat ${at}/log`;
  return [
    ...gates.map(([name, text]) => `mkdir -p ${at}/${name}; cat >${at}/${name}/wg0.conf <<'FILE'\n${text}FILE`),
    ...Object.entries(rules).map(([name, lines]) => restore(name, lines)),
    ...gates.map(([name]) => quick(name, 'up')),
    ...Object.entries(routes).flatMap(([name, lines]) => routeCommands(name, 'add', lines)),
    ...between,
    ...Object.entries(routes).flatMap(([name, lines]) => routeCommands(name, 'del', lines)),
    ...gates.map(([name]) => quick(name, 'down')),
    ...Object.keys(rules).map((name) => `ip netns exec ${name} iptables-nft -F`),
  ].join('\n');
}
