import { formatAddress, ipv4, parseAddress, type Address, type Fact, type Parsed } from '../../ip/index.ts';
import type { ForwardingMethod, VirtualServer } from '../../model/index.ts';
import { LineFaults, type Line } from './faults.ts';
import { finished, type ServiceDraft } from './listing.ts';

const PROTOCOLS: Readonly<Record<string, number>> = { TCP: 6, UDP: 17, SCTP: 132 };
// `Local` is what older kernels made of a server on the machine itself (ip_vs_fwd_name)
const METHODS: Readonly<Record<string, ForwardingMethod>> = {
  Masq: 'nat',
  Local: 'direct',
  Tunnel: 'tunnel',
  Route: 'direct',
};

const SERVICE = /^(TCP|UDP|SCTP) {2}(\S+):([0-9A-F]{4}) (\S+)( .*)?$/;
const BY_MARK = /^FWM {2}([0-9A-F]{8}) (\S+)( .*)?$/;
const SERVER = /^ {2}-> (\S+):([0-9A-F]{4}) +(Masq|Local|Tunnel|Route) +(\d+) /;

/**
 * The virtual servers of /proc/net/ip_vs (ip_vs_info_seq_show of ip_vs_ctl.c). What a tunnel packs in is not said there: it
 * is taken as IP in IP. Code: `line-unknown` as a warning.
 */
export function parseProcIpVs(text: string, source: string): Parsed<readonly VirtualServer[]> {
  const services: ServiceDraft[] = [];
  const faults = new LineFaults(source);
  for (const [i, raw] of text.split('\n').entries()) {
    if (i < 3 && /^(IP Virtual Server|Prot |  -> RemoteAddress)/.test(raw)) continue;
    if (raw.trim() === '') continue;
    const line: Line = { number: i + 1, text: raw };
    const fact = { source, line: line.number, text: raw.trim().replaceAll(/\s+/g, ' ') };
    const isRead = readService(raw, fact, services) || readServer(raw, fact, services);
    if (!isRead) faults.note(line, ['line-unknown', 'warning', 'this is no line of /proc/net/ip_vs']);
  }
  return { value: finished(services), diagnostics: faults.all() };
}

function readService(raw: string, fact: Fact, services: ServiceDraft[]): boolean {
  const byMark = BY_MARK.exec(raw);
  const m = byMark ?? SERVICE.exec(raw);
  if (!m) return false;
  const flags = (byMark ? m[3] : m[5]) ?? '';
  const isOnePacket = /\bops\b/.test(flags);
  const base = {
    persistent: /\bpersistent\b/.test(flags),
    ...(isOnePacket && ({ onePacket: true } as const)),
    realServers: [],
    fact,
  };
  if (byMark) {
    // its family shows only with its servers
    services.push({ ...base, family: 4, match: { kind: 'mark', mark: parseInt(m[1]!, 16) }, scheduler: m[2]! });
    return true;
  }
  const address = addressOf(m[2]!);
  if (!address) return false;
  const match = { kind: 'address', protocol: PROTOCOLS[m[1]!]!, address, port: parseInt(m[3]!, 16) } as const;
  services.push({ ...base, family: address.family, match, scheduler: m[4]! });
  return true;
}

function readServer(raw: string, fact: Fact, services: readonly ServiceDraft[]): boolean {
  const m = SERVER.exec(raw);
  const address = m && addressOf(m[1]!);
  const service = services.at(-1);
  if (!address || !service) return false;
  if (service.match.kind === 'mark' && service.realServers.length === 0) service.family = address.family;
  const port = parseInt(m[2]!, 16);
  const text = `${fact.text.split(' ').slice(0, 1).join()} ${formatAddress(address)}:${port} ${m[3]!} ${m[4]!}`;
  service.realServers.push({
    address,
    port,
    method: METHODS[m[3]!]!,
    tunnelType: 'ipip',
    weight: Number(m[4]),
    fact: { ...fact, text },
  });
  return true;
}

/** Eight hex digits, or an IPv6 address in brackets. */
function addressOf(text: string): Address | null {
  if (/^[0-9A-F]{8}$/.test(text)) return ipv4(parseInt(text, 16));
  const read = /^\[.*\]$/.test(text) ? parseAddress(text.slice(1, -1)) : null;
  return read?.ok === true ? read.value : null;
}
