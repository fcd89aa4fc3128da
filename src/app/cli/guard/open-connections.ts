import type { GuardSettings } from '../../../guard/index.ts';
import type { Machine } from '../../../host/index.ts';
import {
  bitsOf,
  formatAddress,
  formatPrefix,
  parseAddress,
  prefixOf,
  sameAddress,
  type Prefix,
} from '../../../ip/index.ts';

/** An open TCP connection of a visitor. */
export interface OpenConnection {
  readonly from: string;
  /** The port of this machine, or of the one behind it. */
  readonly port: number;
}

/**
 * Open TCP connections from a prefix to the site's ports: this machine's own, as ss(8) lists them, and those that it
 * forwards, where there is conntrack(8).
 */
export async function openConnections(
  machine: Machine,
  { ports }: GuardSettings,
  prefix: Prefix,
): Promise<readonly OpenConnection[]> {
  const { family } = prefix.address;
  const address = prefix.length === bitsOf(family) ? formatAddress(prefix.address) : formatPrefix(prefix);
  const listing = ['conntrack', '-L', '-f', `ipv${family}`, '-p', 'tcp', '--state', 'ESTABLISHED', '-s', address];
  const [own, forwarded] = await Promise.all([
    machine.run(['ss', '-Hnt', 'state', 'established']),
    machine.hasProgram('conntrack').then((is) => (is ? machine.run(listing) : null)),
  ]);
  const found = new Map<string, OpenConnection>();
  const site = new Set(ports.map((p) => p.site));
  const add = (host: string, clientPort: string, port: string): void => {
    const read = parseAddress(host.replace(/^\[|\]$/g, '').replace(/^::ffff:(?=\d+\.)/, ''));
    if (!read.ok || !site.has(Number(port)) || !holds(prefix, read.value)) return;
    const from =
      read.value.family === 6
        ? `[${formatAddress(read.value)}]:${clientPort}`
        : `${formatAddress(read.value)}:${clientPort}`;
    found.set(`${from} ${port}`, { from, port: Number(port) });
  };
  for (const [, port, host, client] of own.stdout.matchAll(/^\d+\s+\d+\s+\S+:(\d+)\s+(\S+):(\d+)/gm))
    add(host!, client!, port!);
  for (const [, host, client, port] of (forwarded?.stdout ?? '').matchAll(
    /ESTABLISHED src=(\S+) \S+ sport=(\d+) dport=(\d+)/g,
  ))
    add(host!, client!, port!);
  return [...found.values()];
}

const holds = (prefix: Prefix, address: Prefix['address']): boolean =>
  address.family === prefix.address.family && sameAddress(prefixOf(address, prefix.length).address, prefix.address);
