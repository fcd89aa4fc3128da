import {
  dottedQuad,
  formatAddress,
  formatPrefix,
  ipv4,
  parseAddress,
  prefixOf,
  unmapped,
  type Prefix,
} from '../../ip/index.ts';
import type { LogLine } from '../source/log-line.ts';
import type { Tally } from './tally.ts';

/** What is known of a visitor, or of a network. */
export interface Visitor {
  readonly key: Key;
  readonly prefix: Prefix;
  /** Its prefix as text, and that of its network: a /24 or /64. */
  readonly name: string;
  readonly networkName: string;
  /** By detector; those that never counted have none. */
  readonly tallies: (Tally | undefined)[];
  /** Lines since it was first seen, and those of them that a detector counted which does not count all. */
  lines: number;
  counted: number;
}

/** An IPv4 visitor by its number, an IPv6 one by the /64 as text. */
type Key = number | string;

/** Texts of IPv6 addresses that are remembered. */
const REMEMBERED = 20_000;

/** Visitors that are remembered, those of late twice as many. */
const MOST_VISITORS = 60_000;

/**
 * Those who were seen of late. Whoever is quiet for `quietMs` is forgotten, and when they are too many whoever was quiet longest:
 * two maps, of which the older one is dropped.
 */
export class Visitors {
  #young = new Map<Key, Visitor>();
  #old = new Map<Key, Visitor>();
  readonly #networks: Visitors | null;
  readonly #keys = new Map<string, Key>();
  #turned = NaN;
  readonly quietMs: number;
  readonly most: number;
  readonly isOfNetworks: boolean;

  constructor(quietMs: number, most = MOST_VISITORS, isOfNetworks = false) {
    this.quietMs = quietMs;
    this.most = most;
    this.isOfNetworks = isOfNetworks;
    this.#networks = isOfNetworks ? null : new Visitors(quietMs, most, true);
  }

  /** The visitor of a line; null when its address is none. */
  of(line: LogLine): Visitor | null {
    const { fields, addressFrom, addressTo } = line;
    const quad = dottedQuad(fields, addressFrom, addressTo);
    if (quad >= 0) return this.#at(quad | 0, line.time);
    const key = this.#keyOf(fields.slice(addressFrom, addressTo));
    return key === '' ? null : this.#at(key, line.time);
  }

  #keyOf(text: string): Key {
    const known = this.#keys.get(text);
    if (known !== undefined) return known;
    const read = parseAddress(text.replace(/%.*$/, '').replace(/^\[(.*)\]$/, '$1'));
    if (!read.ok) return '';
    const address = unmapped(read.value);
    const key = address.family === 4 ? address.w3 | 0 : formatAddress(prefixOf(address, 64).address);
    if (this.#keys.size >= REMEMBERED) this.#keys.clear();
    this.#keys.set(Buffer.from(text, 'latin1').toString('latin1'), key);
    return key;
  }

  #at(key: Key, time: number): Visitor {
    if (!(Math.abs(time - this.#turned) <= this.quietMs) || this.#young.size >= this.most) this.#turn(time);
    const young = this.#young.get(key);
    if (young) return young;
    const found = this.#old.get(key) ?? this.#make(key);
    this.#young.set(key, found);
    return found;
  }

  #turn(time: number): void {
    if (!Number.isNaN(time)) this.#turned = time;
    this.#old = this.#young;
    this.#young = new Map();
  }

  /** The network of a visitor. An IPv6 one is its own: a /64. */
  networkOf({ key }: Visitor, time: number): Visitor {
    if (this.#networks === null) throw new Error('bug: the network of a network');
    return this.#networks.#at(typeof key === 'number' ? key & ~255 : key, time);
  }

  #make(key: Key): Visitor {
    const prefix = this.#prefixOf(key);
    const name = formatPrefix(prefix);
    const networkName = typeof key === 'number' ? formatPrefix(prefixOf(ipv4(key), 24)) : name;
    return { key, prefix, name, networkName, tallies: [], lines: 0, counted: 0 };
  }

  #prefixOf(key: Key): Prefix {
    if (typeof key === 'number') return prefixOf(ipv4(key), this.isOfNetworks ? 24 : 32);
    const read = parseAddress(key);
    if (!read.ok) throw new Error(`bug: ${key} is no address`);
    return prefixOf(read.value, 64);
  }

  /** How many are remembered. */
  get size(): number {
    return this.#young.size + this.#old.size;
  }
}
