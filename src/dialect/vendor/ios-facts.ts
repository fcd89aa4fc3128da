import type { Parsed } from '../../ip/index.ts';
import { interfaceKey, type InterfaceKind } from '../../model/index.ts';
import type { InterfaceDraft } from '../interface-parts.ts';
import { netmaskLength } from '../netmask.ts';
import { piecesOf, type PieceStart } from '../pieces.ts';
import { linesOf, type Line } from '../route-lines.ts';
import type { FactsLanguage, SystemFacts } from '../system-facts.ts';
import { iosRoutes } from './ios.ts';
import { isShowIpRoute, parseShowIpRoute } from './show-ip-route.ts';
import { learnFromTable } from './table-addresses.ts';
import { VendorFacts } from './vendor-facts.ts';

type Kind = 'show' | 'config' | 'prompt';

const STARTS: readonly PieceStart<Kind>[] = [
  ['prompt', /^[\w.()-]+[#>]/],
  ['show', /^\s*(Codes:|Gateway of last resort|IPv6 Routing Table)/],
  [
    'config',
    /^(Building configuration|Current configuration|!|version \d|hostname\s|interface\s|ip route\s|ipv6 route\s)/,
  ],
];
const CONFIG = /^interface [A-Z]\S*\d\S*\s*$/m;

/** `show ip route` and `show running-config` of Cisco IOS and IOS XE. Source: Cisco, IP Routing Command Reference. */
export const iosFacts: FactsLanguage = {
  title: 'output of show ip route or show running-config',
  commands: 'show ip route and show running-config',
  recognise: (text) => (CONFIG.test(text) || isShowIpRoute(text) ? 'yes' : 'no'),
  parse: parseIosFacts,
};

function parseIosFacts(text: string, source: string): Parsed<SystemFacts> {
  const piece = piecesOf(text, STARTS, isShowIpRoute(text) && !CONFIG.test(text) ? 'show' : 'config');
  const facts = new VendorFacts(kindOf);
  const config = piece('config');
  let draft: InterfaceDraft | null = null;
  for (const line of linesOf(config, source, /^\s*!/)) {
    const name = /^interface\s+(\S+)/.exec(line.text)?.[1];
    if (name !== undefined) draft = facts.interface(name, line);
    else if (!/^\s/.test(line.text)) draft = null;
    if (name === undefined) readLine(line, draft, facts);
  }
  const shown = parseShowIpRoute(piece('show'), source);
  const isWhole = isShowIpRoute(piece('show'));
  const configured = iosRoutes.parse(config, source);
  const { value: routes, diagnostics } = isWhole ? shown : configured;
  learnFromTable(routes, facts);
  const table = isWhole ? 'whole' : 'configured';
  return {
    value: { ...facts.facts('ios'), routes, table },
    diagnostics: [...facts.faults(table), ...shown.diagnostics, ...(isWhole ? [] : diagnostics)],
  };
}

const kindOf = (name: string): InterfaceKind =>
  /^Loopback/i.test(name) ? 'loopback' : /^Tunnel/i.test(name) ? 'other' : 'ethernet';

/** A line of the whole configuration or of an interface; what decides over no packet is passed over. */
function readLine(line: Line, draft: InterfaceDraft | null, facts: VendorFacts): void {
  const words = line.words.map((w) => w.text);
  const text = words.join(' ');
  if (draft) readInterfaceLine(text, words, line, draft, facts);
  else if (/^(no )?ip routing$/.test(text)) facts.set('ipv4/ip_forward', words[0] === 'no' ? '0' : '1', line);
  else if (text === 'ipv6 unicast-routing') facts.set('ipv6/conf/all/forwarding', '1', line);
  else if (text.startsWith('ip nat ')) facts.unfollowed(line, 'address translation');
  else if (/^router (ospf|ospfv3|bgp|eigrp|rip|isis)\b/.test(text)) facts.dynamic(line, words[1]!, 'show ip route');
}

const UNFOLLOWED: readonly (readonly [RegExp, string])[] = [
  [/^(ip access-group|ipv6 traffic-filter|zone-member|ip inspect)\b/, 'the packet filter'],
  [/^ip nat (inside|outside)\b/, 'address translation'],
  [/^(ip|ipv6) policy route-map\b/, 'policy routing'],
  [/^crypto map\b/, 'IPsec'],
];

function readInterfaceLine(
  text: string,
  words: readonly string[],
  line: Line,
  draft: InterfaceDraft,
  facts: VendorFacts,
): void {
  const unfollowed = UNFOLLOWED.find(([looks]) => looks.test(text));
  if (unfollowed) facts.unfollowed(line, unfollowed[1]);
  else if (text === 'shutdown') draft.up = false;
  else if (/^(ip |ipv6 )?mtu \d+$/.test(text)) draft.mtu = Number(words.at(-1));
  else if (/^ip address (dhcp|negotiated)/.test(text))
    facts.dynamic(line, words[2] === 'dhcp' ? 'DHCP' : 'PPP', 'show ip route'); // prettier-ignore
  else if (text.startsWith('ip address')) readAddress(words, line, draft, facts);
  else if (/^ipv6 address \S*\/\d+/.test(text)) facts.give(draft, words[2]!, line);
  else if (/^(ip )?vrf forwarding\b/.test(text))
    facts.note(line, 'line-not-modelled', `${draft.name} is in a VRF, which is not followed`, 'warning'); // prettier-ignore
  else if (text === 'no ip redirects') facts.set(interfaceKey(4, draft.name, 'send_redirects'), '0', line);
  else if (/^ip verify unicast (source reachable-via (rx|any)|reverse-path)/.test(text))
    facts.set(interfaceKey(4, draft.name, 'rp_filter'), text.includes('via any') ? '2' : '1', line);
}

/** `ip address 10.5.5.1 255.255.255.0 [secondary]`. */
function readAddress(words: readonly string[], line: Line, draft: InterfaceDraft, facts: VendorFacts): void {
  const [, , address = '', mask = ''] = words;
  const length = netmaskLength(mask);
  if (address.includes('/')) facts.give(draft, address, line);
  else if (length.ok) facts.give(draft, `${address}/${length.value}`, line);
  else facts.note(line, mask === '' ? 'input-cut-off' : length.code, mask === '' ? 'this line ends before its mask' : length.message); // prettier-ignore
}
