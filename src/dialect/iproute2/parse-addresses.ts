import { bitsOf, parseAddress, type Diagnostic, type Parsed } from '../../ip/index.ts';
import type { Interface, InterfaceAddress, InterfaceKind } from '../../model/index.ts';
import {
  aboutRecord,
  numberOf,
  readJsonList,
  recordOf,
  recordsOf,
  textOf,
  wordsOf,
  type JsonRecord,
} from './json-list.ts';
import { clip, interfaceName, linkAddress } from './names.ts';

/**
 * The interfaces of `ip -j [-d] addr show` with their addresses, in the kernel's order. Without `-d` the kind of a tunnel
 * is guessed from its name. Facts' texts are the lines as `ip addr` prints them. Codes: `json-invalid`, `input-cut-off`;
 * as warnings `fact-unreadable` (left out), `line-not-modelled` (a port of a VRF) and `line-limited` (an address that
 * failed duplicate detection: left out).
 */
export function parseAddresses(text: string, source: string): Parsed<readonly Interface[]> {
  const list = readJsonList(text, source);
  const diagnostics: Diagnostic[] = [...list.diagnostics];
  const value: Interface[] = [];
  for (const record of list.value) {
    const name = interfaceName(textOf(record, 'ifname') ?? '');
    if (!name.ok) {
      diagnostics.push(aboutRecord(source, record, 'fact-unreadable', 'this entry has no interface name'));
      continue;
    }
    const addresses = addressesOf(record, name.value, source);
    diagnostics.push(...addresses.diagnostics);
    if (slaveKind(record) === 'vrf') {
      const message = `VRFs are not modelled: ${name.value} is a port of one`;
      diagnostics.push(aboutRecord(source, record, 'line-not-modelled', message));
    }
    const peer = peerOf(record, list.value);
    const fact = { source, line: 0, text: lineOf(record, name.value) };
    value.push({ ...interfaceOf(record, name.value), addresses: addresses.value, ...(peer && { peer }), fact });
  }
  return { value, diagnostics };
}

function interfaceOf(record: JsonRecord, name: string): Omit<Interface, 'addresses' | 'peer' | 'fact'> {
  const flags = wordsOf(record, 'flags');
  const mac = textOf(record, 'link_type') === 'ether' ? linkAddress(textOf(record, 'address')) : undefined;
  const master = textOf(record, 'master');
  const slave = slaveKind(record);
  return {
    name,
    index: numberOf(record, 'ifindex') ?? 0,
    kind: kindOf(record, name, flags),
    ...(mac !== undefined && { mac }),
    mtu: mtuOf(record),
    up: flags.includes('UP'),
    carrier: flags.includes('LOWER_UP'),
    ...(master !== undefined && (slave === undefined || slave === 'bridge') && { master }),
  };
}

const mtuOf = (record: JsonRecord): number => numberOf(record, 'mtu') ?? 1500;

function lineOf(record: JsonRecord, name: string): string {
  const state = textOf(record, 'operstate') ?? 'UNKNOWN';
  const flags = wordsOf(record, 'flags').join(',');
  return `${numberOf(record, 'ifindex') ?? 0}: ${name}: <${flags}> mtu ${mtuOf(record)} state ${state}`;
}

const infoKind = (record: JsonRecord): string | undefined => textOf(recordOf(record, 'linkinfo') ?? {}, 'info_kind');
const slaveKind = (record: JsonRecord): string | undefined =>
  textOf(recordOf(record, 'linkinfo') ?? {}, 'info_slave_kind');

const KINDS: Readonly<Record<string, InterfaceKind>> = {
  wireguard: 'wireguard',
  bridge: 'bridge',
  ipip: 'ipip',
  ip6tnl: 'ipip',
  // OpenVPN's data channel offload: the module of its own, and the kernel's
  'ovpn-dco': 'tun',
  ovpn: 'tun',
};

function kindOf(record: JsonRecord, name: string, flags: readonly string[]): InterfaceKind {
  if (flags.includes('LOOPBACK')) return 'loopback';
  const kind = infoKind(record);
  if (kind !== undefined && Object.hasOwn(KINDS, kind)) return KINDS[kind]!;
  const type = textOf(record, 'link_type');
  if (type === 'ether') return 'ethernet';
  if (kind === 'tun') return 'tun';
  if (kind === undefined && type === 'none')
    return /^wg/.test(name) ? 'wireguard' : /^tun/.test(name) ? 'tun' : 'other';
  return 'other';
}

/**
 * Only a veth pair's other end is a peer; a VLAN has a `link_index` too. Without `-d` the kinds are not told apart. An
 * end in the same namespace is given by name.
 */
function peerOf(record: JsonRecord, all: readonly JsonRecord[]): Interface['peer'] {
  const kind = infoKind(record);
  const other = all.find((one) => kind === 'veth' && one['ifname'] === record['link'] && one !== record);
  const index = numberOf(record, 'link_index') ?? numberOf(other ?? {}, 'ifindex');
  if (index === undefined || (kind !== 'veth' && (kind !== undefined || !('link_netnsid' in record)))) return undefined;
  const namespace = textOf(record, 'link_netns') ?? textOf(record, 'link_netnsid');
  return namespace === undefined ? { index } : { index, namespace };
}

function addressesOf(record: JsonRecord, name: string, source: string): Parsed<readonly InterfaceAddress[]> {
  const value: InterfaceAddress[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const info of recordsOf(record, 'addr_info')) {
    if (Object.keys(info).length === 0) continue;
    const address = addressOf(info, name, source);
    if (!address) {
      diagnostics.push(aboutRecord(source, info, 'fact-unreadable', `an address of ${name} is not readable`));
    } else if (info['dadfailed'] === true) {
      const message = `${clip(textOf(info, 'local') ?? '')} of ${name} is not in use: another box has it`;
      diagnostics.push(aboutRecord(source, info, 'line-limited', message));
    } else {
      value.push(address);
    }
  }
  return { value, diagnostics };
}

const REMARKS = ['secondary', 'deprecated', 'tentative'] as const;

function addressOf(info: JsonRecord, name: string, source: string): InterfaceAddress | null {
  const local = parseAddress(textOf(info, 'local') ?? '');
  const length = numberOf(info, 'prefixlen');
  if (!local.ok || length === undefined || length > bitsOf(local.value.family)) return null;
  const other = textOf(info, 'address');
  const peer = other === undefined ? undefined : parseAddress(other);
  const scope = textOf(info, 'scope');
  const written = other === undefined ? textOf(info, 'local')! : `${textOf(info, 'local')!} peer ${other}`;
  const remarks = REMARKS.filter((remark) => info[remark] === true);
  const inet = local.value.family === 6 ? 'inet6' : 'inet';
  return {
    address: local.value,
    length,
    ...(peer?.ok && { peer: peer.value }),
    scope: scope === 'link' || scope === 'host' ? scope : 'global',
    secondary: info['secondary'] === true,
    deprecated: info['deprecated'] === true,
    fact: {
      source,
      line: 0,
      text: [inet, `${written}/${length}`, 'scope', scope ?? 'global', ...remarks, name].join(' '),
    },
  };
}
