import type { Parsed } from '../../ip/index.ts';
import { interfaceKey, type InterfaceKind } from '../../model/index.ts';
import type { InterfaceDraft } from '../interface-parts.ts';
import { piecesOf, type PieceStart } from '../pieces.ts';
import { linesOf, type Line } from '../route-lines.ts';
import type { FactsLanguage, SystemFacts } from '../system-facts.ts';
import { asSetLines } from './set-lines.ts';
import { parseShowIpRoute } from './show-ip-route.ts';
import { learnFromTable } from './table-addresses.ts';
import { VendorFacts } from './vendor-facts.ts';
import { edgeosRoutes, vyosRoutes } from './vyos.ts';

type Kind = 'show' | 'config' | 'prompt';

const STARTS: readonly PieceStart<Kind>[] = [
  ['prompt', /^[\w.-]+@[\w.-]+[:~#$]/],
  ['show', /^\s*Codes: /],
  ['config', /^\s*set\s|^[a-z][\w-]*\s*\{\s*$/],
];
/** FRR marks what is in the kernel's table. */
const FRR = /^[A-Z]>\*?\s/m;
const SET = /^\s*(\S+[#$>]\s*)?set\s+interfaces\s+[a-z]/m;
const BRACES = /^interfaces\s*\{\s*$/m;

/** `show configuration [commands]` and `show ip route` of VyOS and EdgeOS. Source: VyOS documentation. */
export const vyosFacts: FactsLanguage = {
  title: 'a configuration of VyOS',
  commands: 'show configuration commands and show ip route',
  recognise: (text) => (SET.test(text) || BRACES.test(text) || FRR.test(text) ? 'yes' : 'no'),
  parse: parseVyosFacts,
};

function parseVyosFacts(text: string, source: string): Parsed<SystemFacts> {
  const piece = piecesOf(text, STARTS, FRR.test(text) && !SET.test(text) && !BRACES.test(text) ? 'show' : 'config');
  const facts = new VendorFacts(kindOf);
  const config = asSetLines(piece('config'));
  for (const line of linesOf(config, source)) readLine(line, facts);
  const isOld = edgeosRoutes.recognise(config) === 'yes' || /ubnt|EdgeOS|EdgeRouter/i.test(text);
  const table = piece('show');
  const isWhole = FRR.test(table);
  const read = isWhole ? parseShowIpRoute(inUse(table), source) : vyosRoutes.parse(config, source);
  learnFromTable(read.value, facts);
  // a distance of 255 keeps a route out of the table
  const routes = isWhole ? read.value : read.value.filter((r) => r.metric !== 255);
  const value = { ...facts.facts(isOld ? 'edgeos' : 'vyos'), routes, table: isWhole ? 'whole' : 'configured' } as const;
  return { value, diagnostics: [...facts.faults(value.table), ...read.diagnostics] };
}

/** Only the rows that are in the kernel's table; those behind belong to the row above. */
function inUse(text: string): string {
  let used = false;
  const lines = text.split('\n').map((line) => {
    if (/^[A-Z]/.test(line)) used = /^[A-Z]>\*/.test(line) && !/^Codes/.test(line);
    return used ? line : '';
  });
  return lines.join('\n');
}

function kindOf(name: string): InterfaceKind {
  if (name === 'lo') return 'loopback';
  if (/^br\d/.test(name)) return 'bridge';
  if (/^wg\d/.test(name)) return 'wireguard';
  return /^(vtun|tun)\d/.test(name) ? 'tun' : 'ethernet';
}

function readLine(line: Line, facts: VendorFacts): void {
  const words = line.words.map((w) => w.text.replace(/^(["'])(.*)\1$/, '$2'));
  const at = words.indexOf('set');
  const [top, ...rest] = at < 0 ? [] : words.slice(at + 1);
  const text = rest.join(' ');
  if (top === 'interfaces') readInterface(rest, line, facts);
  else if (top === 'firewall') readFirewall(text, line, facts);
  else if (top === 'nat' || top === 'nat66') facts.unfollowed(line, 'address translation');
  else if (top === 'policy' && /^(local-)?route6? /.test(text)) facts.unfollowed(line, 'policy routing');
  else if (top === 'protocols' && /^(ospfv?3?|bgp|rip|isis)\b/.test(text))
    facts.dynamic(line, rest[0]!, 'show ip route');
  else if (top === 'vrf') facts.note(line, 'line-not-modelled', 'VRFs are not followed', 'warning');
  else if (top === 'system' && text === 'ip disable-forwarding') facts.set('ipv4/ip_forward', '0', line);
  else if (top === 'system' && text === 'ipv6 disable-forwarding') facts.set('ipv6/conf/all/forwarding', '0', line);
}

const CHECKS: Readonly<Record<string, string>> = { disable: '0', strict: '1', loose: '2', enable: '1' };

/** Switches of the whole box that are settings of Linux; everything else is a packet filter. */
function readFirewall(text: string, line: Line, facts: VendorFacts): void {
  const [, value = ''] = /^(?:global-options )?source-validation (\S+)$/.exec(text) ?? [];
  const isSwitch = /^(global-options )?(all-ping|broadcast-ping|syn-cookies|log-martians|receive-redirects|send-redirects|config-trap|ip-src-route|ipv6-\S+|source-validation|twa-hazards-protection)\b/; // prettier-ignore
  if (Object.hasOwn(CHECKS, value)) facts.set('ipv4/conf/all/rp_filter', CHECKS[value]!, line);
  else if (!isSwitch.test(text)) facts.unfollowed(line, 'the packet filter');
}

/** `ethernet eth0 [vif 10] address '10.5.5.1/24'`. */
function readInterface([, name, ...words]: readonly string[], line: Line, facts: VendorFacts): void {
  if (name === undefined) return;
  const vif = words[0] === 'vif' ? words[1] : undefined;
  const draft = facts.interface(vif === undefined ? name : `${name}.${vif}`, line);
  const [key, value = ''] = vif === undefined ? words : words.slice(2);
  if (key === 'address' && /^(dhcp|dhcpv6)$/.test(value)) facts.dynamic(line, 'DHCP', 'show ip route');
  else if (key === 'address') facts.give(draft, value, line);
  else if (key === 'mtu' && Number(value) >= 68 && Number(value) <= 65535) draft.mtu = Number(value);
  else if (key === 'disable') draft.up = false;
  else if (key === 'vrf')
    facts.note(line, 'line-not-modelled', `${draft.name} is in a VRF, which is not followed`, 'warning');
  else if (key === 'firewall') facts.unfollowed(line, 'the packet filter');
  else readMore(words, draft, line, facts);
}

function readMore(words: readonly string[], draft: InterfaceDraft, line: Line, facts: VendorFacts): void {
  const text = words.join(' ');
  const member = /^member interface (\S+)/.exec(text)?.[1];
  if (member !== undefined) {
    draft.kind = 'bridge';
    facts.interface(member, line).master = draft.name;
  }
  const check = /\bip source-validation (\S+)$/.exec(text)?.[1] ?? '';
  if (Object.hasOwn(CHECKS, check)) facts.set(interfaceKey(4, draft.name, 'rp_filter'), CHECKS[check]!, line);
  if (/\bip disable-forwarding$/.test(text)) facts.set(interfaceKey(4, draft.name, 'forwarding'), '0', line);
}
