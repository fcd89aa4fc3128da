import type { Parsed } from '../../ip/index.ts';
import type { InterfaceKind } from '../../model/index.ts';
import { linesOf, type Line } from '../route-lines.ts';
import type { FactsLanguage, SystemFacts } from '../system-facts.ts';
import { joinedLines, routerosRoutes } from './routeros.ts';
import { learnFromTable } from './table-addresses.ts';
import { VendorFacts } from './vendor-facts.ts';

/** An export of RouterOS. Source: RouterOS documentation, Configuration Management. */
export const routerosFacts: FactsLanguage = {
  title: 'an export of RouterOS',
  commands: '/export, /ip address print and /ip route print',
  recognise: (text) => (/^\s*(\S+>\s*)?\/ip[/ ](address|route|settings|firewall)\b/m.test(text) ? 'yes' : 'no'),
  parse: parseExport,
};

const HEADING = /^\s*(?:\S+>\s*)?(\/[a-z][\w/ -]*?)(?=\s+(?:add|set|print)\b|\/(?:add|set|print)\b|\s*$)[/ ]?/;

function parseExport(text: string, source: string): Parsed<SystemFacts> {
  const facts = new VendorFacts(kindOf);
  let section = '';
  for (const line of linesOf(joinedLines(text), source)) {
    const heading = HEADING.exec(line.text);
    if (heading)
      section = heading[1]!
        .trim()
        .replaceAll(/[\s/]+/g, ' ')
        .trim();
    const rest = line.text.slice(heading?.[0].length ?? 0).trim();
    if (/^(add|set)\b/.test(rest)) readCommand(section, rest, line, facts);
    else if (!heading) facts.note(line, 'line-unknown', 'an export has no such line', 'warning');
  }
  const { value: routes, diagnostics } = routerosRoutes.parse(text, source);
  learnFromTable(routes, facts);
  return {
    value: { ...facts.facts('routeros'), routes, table: 'configured' },
    diagnostics: [...facts.faults('configured'), ...diagnostics],
  };
}

function kindOf(name: string): InterfaceKind {
  if (/^(wireguard|wg)/.test(name)) return 'wireguard';
  if (/^(ovpn|sstp|l2tp|pppoe)/.test(name)) return 'tun';
  return name === 'lo' ? 'loopback' : 'ethernet';
}

/** `key=value` words, without their quotes. */
const valuesOf = (text: string): ReadonlyMap<string, string> =>
  new Map([...text.matchAll(/([\w.-]+)=("[^"]*"|\S*)/g)].map((m) => [m[1]!, m[2]!.replace(/^"(.*)"$/, '$1')]));

function readCommand(section: string, text: string, line: Line, facts: VendorFacts): void {
  const values = valuesOf(text);
  const value = (key: string): string | undefined => values.get(key);
  if (value('disabled') === 'yes' && !section.startsWith('interface')) return;
  if (section === 'ip address' || section === 'ipv6 address') readAddress(values, line, facts);
  else if (section.startsWith('interface')) readInterface(section, text, values, line, facts);
  else if (/^ip(v6)? firewall (filter|raw|mangle)$/.test(section)) facts.unfollowed(line, 'the packet filter');
  else if (/^ip(v6)? firewall nat$/.test(section)) facts.unfollowed(line, 'address translation');
  else if (section === 'routing rule' || section === 'ip route rule') facts.unfollowed(line, 'policy routing');
  else if (/^ip dhcp-client$|^ipv6 dhcp-client$/.test(section)) facts.dynamic(line, 'DHCP', routerosFacts.commands);
  else if (/^routing (ospf|bgp|rip)\b/.test(section))
    facts.dynamic(line, section.split(' ')[1]!, routerosFacts.commands); // prettier-ignore
  else if (section === 'ip settings') {
    if (value('ip-forward') !== undefined) facts.set('ipv4/ip_forward', value('ip-forward') === 'no' ? '0' : '1', line);
    const check = { no: '0', strict: '1', loose: '2' }[value('rp-filter') ?? ''];
    if (check !== undefined) facts.set('ipv4/conf/all/rp_filter', check, line);
    if (value('send-redirects') === 'no') facts.set('ipv4/conf/all/send_redirects', '0', line);
  } else if (section === 'ipv6 settings' && value('forward') !== undefined)
    facts.set('ipv6/conf/all/forwarding', value('forward') === 'no' ? '0' : '1', line);
}

function readAddress(values: ReadonlyMap<string, string>, line: Line, facts: VendorFacts): void {
  const [name, address] = [values.get('interface'), values.get('address')];
  if (name === undefined || name === '' || address === undefined) {
    facts.note(line, 'key-missing', `this address lacks its ${address === undefined ? 'address' : 'interface'}`);
    return;
  }
  facts.give(facts.interface(name, line), address.includes('/') ? address : `${address}/32`, line);
}

function readInterface(
  section: string,
  text: string,
  values: ReadonlyMap<string, string>,
  line: Line,
  facts: VendorFacts,
): void {
  if (section === 'interface bridge port') {
    const [port, bridge] = [values.get('interface'), values.get('bridge')];
    if (port === undefined || bridge === undefined || port === '') return;
    facts.interface(bridge, line).kind = 'bridge';
    facts.interface(port, line).master = bridge;
    return;
  }
  // set [ find default-name=ether1 ] name=wan
  const name = values.get('name') ?? values.get('default-name')?.replace(/\]$/, '');
  if (section.split(' ').length !== 2 || name === undefined || name === '') return;
  const draft = facts.interface(name, line);
  if (section === 'interface bridge') draft.kind = 'bridge';
  if (section === 'interface wireguard') draft.kind = 'wireguard';
  if (values.get('disabled') === 'yes') draft.up = false;
  const mtu = Number(values.get('mtu'));
  if (mtu >= 68 && mtu <= 65535) draft.mtu = mtu;
  if (/^interface (pppoe|l2tp|ovpn|sstp|lte)/.test(section) && text.startsWith('add')) facts.dynamic(line, 'the other end of this link', routerosFacts.commands); // prettier-ignore
}
