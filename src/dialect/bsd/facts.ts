import { contains, isLoopback, isMulticast, parseAddress, samePrefix, type Diagnostic, type Fact, type Parsed } from '../../ip/index.ts'; // prettier-ignore
import type { Interface, Route, Setting, System } from '../../model/index.ts';
import { leadsElsewhere } from '../leads-elsewhere.ts';
import { piecesOf, type PieceStart } from '../pieces.ts';
import type { Likeness } from '../route-dialect.ts';
import { factOf, linesOf, readerOf } from '../route-lines.ts';
import type { FactsLanguage, SystemFacts } from '../system-facts.ts';
import { interfaceKind } from './interface-kind.ts';
import { isNetstat, parseNetstat } from './netstat.ts';
import { isIfconfig, parseIfconfig } from './parse-ifconfig.ts';
import { parseRouteGet } from './parse-route-get.ts';

type Kind = 'other' | 'netstat' | 'ifconfig' | 'get' | 'sysctl' | 'prompt';

const STARTS: readonly PieceStart<Kind>[] = [
  ['netstat', /^\s*(Routing tables?\b|Internet6?:\s*$|Destination\s+Gateway\s+Flags\b)/],
  ['ifconfig', /^[A-Za-z][\w.-]*: flags=/],
  ['get', /^\s*route to:/],
  ['sysctl', /^net\.inet6?\.[\w.]+\s*[:=]/],
  [
    'prompt',
    /^(\S.*[$#%>:]|[$#%>])?\s*((sudo|doas)\s+)?(netstat|ifconfig|route|sysctl|uname)(\s|$)|^(\S.*)?[$#%>]\s*$/,
  ],
  ['prompt', /^\S*(Darwin|FreeBSD|OpenBSD|pfSense|OPNsense)\b/],
];

/** `netstat -rn`, `ifconfig`, `route -n get` and forwarding in `sysctl`, of macOS, FreeBSD, OpenBSD, pfSense, OPNsense. */
export const bsdFacts: FactsLanguage = {
  title: 'output of netstat -rn or ifconfig',
  commands: 'netstat -rn, ifconfig and sysctl net.inet.ip.forwarding',
  recognise: (text): Likeness => (isNetstat(text) || isIfconfig(text) || /^\s*route to:\s/m.test(text) ? 'yes' : 'no'),
  parse: parseBsdFacts,
};

/** Output of one command, and the name that its facts get. */
interface Said {
  readonly text: string;
  readonly source: string;
}

/** What the commands printed; empty texts for those that nobody ran. */
type BsdSaid = Readonly<Record<'netstat' | 'ifconfig' | 'get' | 'sysctl', Said>>;

function parseBsdFacts(text: string, source: string): Parsed<SystemFacts> {
  const piece = piecesOf(text, STARTS, 'other');
  const said = (kind: Kind): Said => ({ text: piece(kind), source });
  const { value, diagnostics } = bsdFactsOf(
    { netstat: said('netstat'), ifconfig: said('ifconfig'), get: said('get'), sysctl: said('sysctl') },
    bsdSystem(text),
  );
  return { value, diagnostics: [...stray(piece('other'), source), ...diagnostics] };
}

/** The same from the outputs one by one. */
export function bsdFactsOf({ netstat, ifconfig, get, sysctl }: BsdSaid, system: System): Parsed<SystemFacts> {
  const diagnostics: Diagnostic[] = [];
  const read = <T>(parse: (text: string, source: string) => Parsed<T>, { text, source }: Said): T => {
    const parsed = parse(text, source);
    diagnostics.push(...parsed.diagnostics);
    return parsed.value;
  };
  const listed = read(parseNetstat, netstat);
  const asked = read(parseRouteGet, get);
  const routes = [...listed, ...asked.filter((r) => !listed.some((l) => samePrefix(l.prefix, r.prefix)))];
  const own = read(parseIfconfig, ifconfig);
  const interfaces = own.length > 0 ? own : interfacesOf(listed, ownAddresses(netstat));
  const value: SystemFacts = {
    system,
    interfaces: withNamed(interfaces, routes),
    routes: routes.filter(leadsElsewhere),
    table: isNetstat(netstat.text) ? 'whole' : 'none',
    settings: settingsOf(sysctl),
  };
  return { value, diagnostics };
}

/** What stands in front of all that is known. */
function stray(text: string, source: string): readonly Diagnostic[] {
  const [line] = linesOf(text, source);
  if (!line) return [];
  const reader = readerOf(line);
  reader.note('line-unknown', 'neither netstat, ifconfig nor route prints this: it is passed over', undefined, undefined, 'warning'); // prettier-ignore
  return reader.diagnostics;
}

/** Which of them wrote this, by what only one writes; FreeBSD, which the others come from, where nothing tells. */
export function bsdSystem(text: string): System {
  const said = /\b(Darwin|OpenBSD|pfSense|OPNsense)\b/.exec(text)?.[1]?.toLowerCase();
  if (said !== undefined) return said === 'darwin' ? 'macos' : (said as System);
  if (/\b(utun|awdl|anpi|llw)\d+\b|\ben\d+:? flags=|\s(en\d+|utun\d+)(\s|$)/.test(text)) return 'macos';
  if (/Prio\s+Iface|\bllprio\b|\bgroups: egress\b/.test(text)) return 'openbsd';
  return /\b(ovpns\d|pfsync0|tun_wg\d|enc0)\b/.test(text) ? 'pfsense' : 'freebsd';
}

const KEYS: Readonly<Record<string, string>> = {
  'net.inet.ip.forwarding': 'ipv4/ip_forward',
  'net.inet6.ip6.forwarding': 'ipv6/conf/all/forwarding',
};

function settingsOf({ text, source }: Said): ReadonlyMap<string, Setting> {
  return new Map(
    linesOf(text, source).flatMap((line) => {
      const [, name = '', value = ''] = /^\s*([\w.]+)\s*[:=]\s*(\d+)/.exec(line.text) ?? [];
      const key = Object.hasOwn(KEYS, name) ? KEYS[name] : undefined;
      return key === undefined ? [] : [[key, { value, fact: factOf(line) }] as const];
    }),
  );
}

interface OwnAddress {
  readonly address: Interface['addresses'][number]['address'];
  readonly dev: string | undefined;
  readonly fact: Fact;
}

/** A host's own addresses lead to its loopback; OpenBSD marks them `l`. */
function ownAddresses({ text, source }: Said): readonly OwnAddress[] {
  return linesOf(text, source).flatMap((line) => {
    const [target = '', , flags = '', ...rest] = line.words.map((w) => w.text);
    const address = parseAddress(target.replace(/%.*/, ''));
    const marked = flags.includes('l');
    if (!address.ok || !flags.includes('H') || !(marked || rest.some((w) => /^lo\d+$/.test(w)))) return [];
    if (isLoopback(address.value) || isMulticast(address.value) || flags.includes('R')) return [];
    return [{ address: address.value, dev: marked ? rest.at(-1) : undefined, fact: factOf(line) }];
  });
}

/** Interfaces as far as a routing table tells: an own address is on the interface that leads to its network. */
function interfacesOf(routes: readonly Route[], own: readonly OwnAddress[]): readonly Interface[] {
  const networks = routes
    .filter((r) => r.protocol === 'kernel' && r.prefix.length > 0)
    .sort((a, b) => b.prefix.length - a.prefix.length);
  const wide = networks.filter((r) => r.prefix.length < (r.prefix.address.family === 4 ? 32 : 128));
  const found = own.flatMap(({ address, dev, fact: said }) => {
    const network = wide.find((r) => contains(r.prefix, address) && (dev === undefined || dev === devOf(r)));
    const name = network && devOf(network);
    return network && name !== undefined && !/^lo\d/.test(name) ? [{ name, address, length: network.prefix.length, fact: said }] : []; // prettier-ignore
  });
  return [...new Set(found.map((f) => f.name))].map((name, i) => ({
    ...bare(name, i + 1, found.find((f) => f.name === name)!.fact),
    addresses: found.filter((f) => f.name === name).map(({ address, length, fact: said }) => ({ address, length, scope: 'global', secondary: false, deprecated: false, fact: said })), // prettier-ignore
  }));
}

const devOf = (route: Route): string | undefined => route.nexthops[0]?.dev;

/** With those that only routes name. */
function withNamed(interfaces: readonly Interface[], routes: readonly Route[]): readonly Interface[] {
  const named = routes.flatMap((r) => r.nexthops.flatMap((hop) => (hop.dev === undefined ? [] : [{ dev: hop.dev, fact: r.fact }]))); // prettier-ignore
  const missing = named.filter(({ dev }, i) => !interfaces.some((own) => own.name === dev) && named.findIndex((n) => n.dev === dev) === i); // prettier-ignore
  return [...interfaces, ...missing.map(({ dev, fact }, i) => bare(dev, interfaces.length + i + 1, fact))];
}

const bare = (name: string, index: number, fact: Fact): Interface => ({
  name, index, kind: interfaceKind(name), mtu: 1500, up: true, carrier: true, addresses: [], fact,
}); // prettier-ignore
