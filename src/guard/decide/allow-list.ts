import {
  bitsOf,
  compareAddress,
  formatAddress,
  formatPrefix,
  hostPrefix,
  ipv4,
  ipv6,
  lastAddress,
  parseAddress,
  prefixOf,
  unmapped,
  type Address,
  type Family,
  type Prefix,
} from '../../ip/index.ts';
import { CUSTOMER_LENGTH } from './target.ts';

/** What must never be blocked. */
export interface AllowEntry {
  readonly prefix: Prefix;
  /** What it is, such as `the gateway of eth0` or `on the allow list`: completes "203.0.113.1 is …". */
  readonly why: string;
}

/** A named address, such as a gateway with its interface. */
export interface NamedAddress {
  readonly address: Address;
  /** The interface of an address or a gateway, the name of a server; may be missing. */
  readonly name?: string;
}

/** What the machine says about who is needed. */
export interface AllowFacts {
  readonly own?: readonly NamedAddress[];
  readonly gateways?: readonly NamedAddress[];
  readonly nameServers?: readonly Address[];
  /** Where the person's SSH connection comes from. */
  readonly sshClient?: Address | null;
}

// RFC 1122 3.2.1.3, RFC 4291 2.5.3
const LOOPBACK: readonly Prefix[] = [prefixOf(ipv4(0x7f000000), 8), hostPrefix(ipv6(0, 0, 0, 1))];

/** The entries that follow from the facts; loopback is always among them. */
export function allowedByFacts(facts: AllowFacts): AllowEntry[] {
  const each = (all: readonly NamedAddress[] | undefined, what: string, of: string): AllowEntry[] =>
    (all ?? []).map(({ address, name }) => ({
      prefix: hostPrefix(address),
      why: name === undefined ? what : `${what}${of}${name}`,
    }));
  return [
    ...LOOPBACK.map((prefix) => ({ prefix, why: 'this machine itself (loopback)' })),
    ...each(facts.own, 'an address of this machine', ', on '),
    ...each(facts.gateways, 'a gateway of this machine', ', on '),
    ...each(
      facts.nameServers?.map((address) => ({ address })),
      'a name server of this machine',
      '',
    ),
    ...sshClientOf(facts.sshClient ?? null),
  ];
}

/** An IPv6 client changes its address within its /64 (RFC 8981). */
function sshClientOf(client: Address | null): AllowEntry[] {
  if (client === null) return [];
  if (client.family === 4) return [{ prefix: hostPrefix(client), why: 'where your SSH connection comes from' }];
  const why = `the network that your SSH connection comes from (${formatAddress(client)})`;
  return [{ prefix: prefixOf(client, CUSTOMER_LENGTH), why }];
}

const NAMED_AS = {
  allow: 'on the allow list',
  proxies: 'a proxy that visitors come through',
  pageServers: 'a server of the page',
  peers: 'a peer that shares decisions',
} as const;

/** What somebody is whom the settings name. */
export type AllowKind = keyof typeof NAMED_AS;

/** Entries for addresses and prefixes of the settings, such as `parseList` reads them. */
export const allowedByList = (
  entries: readonly { readonly prefix: Prefix; readonly reason?: string }[],
  kind: AllowKind = 'allow',
): AllowEntry[] =>
  entries.map(({ prefix, reason }) => ({
    prefix,
    why: reason === undefined ? NAMED_AS[kind] : `${NAMED_AS[kind]} (${reason})`,
  }));

/** Entries for a name of the settings with the addresses that it has now. */
export const allowedByName = (name: string, addresses: readonly Address[], kind: AllowKind = 'allow'): AllowEntry[] =>
  addresses.map((address) => ({ prefix: hostPrefix(address), why: `${NAMED_AS[kind]} as ${name}` }));

/**
 * The client of `$SSH_CONNECTION` (client, its port, server, its port) or `$SSH_CLIENT` (client, its port, server's
 * port), as ssh(1) describes them; null when there is none. A mapped address is the IPv4 address.
 */
export function parseSshConnection(text: string): Address | null {
  const words = text.trim().split(/\s+/, 5);
  if (words.length < 3 || words.length > 4) return null;
  const address = parseAddress(words[0]!.replace(/%.*$/, ''));
  return address.ok ? unmapped(address.value) : null;
}

/** Why a prefix must not be blocked. */
export interface Refusal {
  readonly entry: AllowEntry;
  /** A sentence's worth: `203.0.113.1 is a gateway of this machine, on eth0`. */
  readonly why: string;
}

/** The allow list, made for many questions. */
export class AllowList {
  /** By address, the shorter prefix first. */
  readonly #sorted: readonly { readonly entry: AllowEntry; readonly row: number }[];
  readonly #lengths: Readonly<Record<Family, readonly number[]>>;

  constructor(entries: readonly AllowEntry[]) {
    const rows = entries.map((entry, row) => ({ entry, row }));
    this.#sorted = rows.sort((a, b) => comparePrefix(a.entry.prefix, b.entry.prefix) || a.row - b.row);
    const lengths = (family: Family): number[] => [
      ...new Set(entries.filter((e) => e.prefix.address.family === family).map((e) => e.prefix.length)),
    ];
    this.#lengths = { 4: lengths(4), 6: lengths(6) };
  }

  /** All entries that blocking the prefix would hit, in the order in which they were given. */
  refusalsOf(prefix: Prefix): Refusal[] {
    const hit = [...this.#inside(prefix), ...this.#around(prefix)];
    return hit.sort((a, b) => a.row - b.row).map(({ entry }) => ({ entry, why: whyOf(prefix, entry) }));
  }

  *#inside(prefix: Prefix): Generator<{ readonly entry: AllowEntry; readonly row: number }> {
    const last = lastAddress(prefix);
    for (let i = this.#firstFrom(prefix); i < this.#sorted.length; i++) {
      const found = this.#sorted[i]!;
      if (compareAddress(found.entry.prefix.address, last) > 0) return;
      yield found;
    }
  }

  *#around(prefix: Prefix): Generator<{ readonly entry: AllowEntry; readonly row: number }> {
    for (const length of this.#lengths[prefix.address.family]) {
      if (length >= prefix.length) continue;
      const wider = prefixOf(prefix.address, length);
      for (let i = this.#firstFrom(wider); i < this.#sorted.length; i++) {
        const found = this.#sorted[i]!;
        if (comparePrefix(found.entry.prefix, wider) !== 0) break;
        yield found;
      }
    }
  }

  /** The first row that stands at or behind the prefix. */
  #firstFrom(prefix: Prefix): number {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (comparePrefix(this.#sorted[middle]!.entry.prefix, prefix) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const comparePrefix = (a: Prefix, b: Prefix): number => compareAddress(a.address, b.address) || a.length - b.length;

function whyOf(prefix: Prefix, entry: AllowEntry): string {
  const allowed = shown(entry.prefix);
  if (entry.prefix.length >= prefix.length) return `${allowed} is ${entry.why}`;
  return `${shown(prefix)} lies in ${allowed}, which is ${entry.why}`;
}

/** A single address without its length. */
const shown = (prefix: Prefix): string =>
  prefix.length === bitsOf(prefix.address.family) ? formatAddress(prefix.address) : formatPrefix(prefix);
