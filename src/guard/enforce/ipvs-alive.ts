import { parseAddress } from '../../ip/index.ts';
import type { PageServer } from './engine.ts';

/** Where the kernel lists its virtual servers; there is none where IPVS is not loaded. */
export const IPVS_FILE = '/proc/net/ip_vs';

/**
 * The servers that a mark leads to, a sorry server among them. Null where no virtual server has the mark: Linux,
 * net/netfilter/ipvs/ip_vs_ctl.c, ip_vs_info_seq_show.
 */
export function aliveInIpvs(listing: string, mark: number): readonly PageServer[] | null {
  const servers: PageServer[] = [];
  let isThere = false;
  let isOurs = false;
  for (const line of listing.split('\n')) {
    if (!line.startsWith('  ->')) {
      isOurs = Number.parseInt(/^FWM\s+([0-9A-F]{8})\b/.exec(line)?.[1] ?? '', 16) === mark;
      isThere ||= isOurs;
    } else if (isOurs) servers.push(...serverOf(line));
  }
  return isThere ? servers : null;
}

/** `  -> 0A0A0A01:0050      Masq    1 …`; IPv6 in brackets, with zeroes. Weight 0 takes no new connection. */
function serverOf(line: string): readonly PageServer[] {
  const found = /-> (?:\[([0-9a-f:]+)\]|([0-9A-F]{8})):\S+\s+\S+\s+(\d+)/i.exec(line);
  if (!found) return [];
  const [, six, four, weight] = found;
  const address = six === undefined ? ipv4Of(four!) : parseAddress(six);
  return address.ok && weight !== '0' ? [{ address: address.value, weight: Number(weight) }] : [];
}

const ipv4Of = (hex: string) =>
  parseAddress([0, 2, 4, 6].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join('.'));
