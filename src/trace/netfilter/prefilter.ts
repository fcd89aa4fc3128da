import { mask32, type Address } from '../../ip/index.ts';
import type { Statement } from '../../model/index.ts';
import { PROTOCOL, type Packet } from '../packet.ts';

/** What a rule wants of a packet, as far as it can be said in plain numbers; -1 is anything. */
export interface Wants {
  /** 4 when the rule reads a field of IPv4. */
  family: number;
  sourceMask: number;
  source: number;
  destinationMask: number;
  destination: number;
  protocol: number;
  sourcePort: number;
  destinationPort: number;
}

/** A rule that wants nothing. */
export const wantsAnything = (): Wants => ({
  family: -1,
  sourceMask: 0,
  source: 0,
  destinationMask: 0,
  destination: 0,
  protocol: -1,
  sourcePort: -1,
  destinationPort: -1,
});

/**
 * Takes the statement into `wants`, when it is one of the comparisons that long rulesets are made of: IPv4 addresses and
 * blocks, protocol, port. False: it has to be tested by itself.
 */
export function absorb(wants: Wants, s: Statement): boolean {
  if (s.kind === 'member') return absorbPrefix(wants, s);
  if (s.kind !== 'match' || s.op !== '==') return false;
  const { left, right } = s;
  if (right.kind === 'number') {
    if (left.kind === 'meta' && left.key === 'l4proto') return take(wants, 'protocol', right.number);
    return left.kind === 'field' && absorbPort(wants, left.field, right.number);
  }
  if (right.kind !== 'address') return false;
  if (left.kind === 'field') return absorbAddress(wants, left.field, 0xffffffff, right.address);
  if (left.kind !== 'masked-address' || left.of.kind !== 'field' || left.mask.family !== 4) return false;
  return absorbAddress(wants, left.of.field, left.mask.w3, right.address);
}

function absorbPrefix(wants: Wants, s: Extract<Statement, { kind: 'member' }>): boolean {
  if (s.negated || s.left.kind !== 'field' || s.of.kind !== 'inline' || s.of.entries.length !== 1) return false;
  const { key, except } = s.of.entries[0]!;
  if (key.kind !== 'prefix' || except) return false;
  return absorbAddress(wants, s.left.field, mask32(key.prefix.length), key.prefix.address);
}

function absorbAddress(wants: Wants, field: string, mask: number, address: Address): boolean {
  if (address.family !== 4) return false;
  // Another condition on the same address may have been taken already
  if (field === 'ip.saddr' && wants.sourceMask === 0) {
    wants.sourceMask = mask | 0;
    wants.source = address.w3 | 0;
  } else if (field === 'ip.daddr' && wants.destinationMask === 0) {
    wants.destinationMask = mask | 0;
    wants.destination = address.w3 | 0;
  } else return false;
  wants.family = 4;
  return true;
}

function absorbPort(wants: Wants, field: string, port: number): boolean {
  const [name, side] = field.split('.');
  const protocol = name === 'tcp' ? PROTOCOL.tcp : name === 'udp' ? PROTOCOL.udp : null;
  const key = side === 'sport' ? 'sourcePort' : side === 'dport' ? 'destinationPort' : null;
  if (protocol === null || key === null || wants[key] !== -1 || !take(wants, 'protocol', protocol)) return false;
  return take(wants, key, port);
}

function take(wants: Wants, key: 'protocol' | 'sourcePort' | 'destinationPort', value: number): boolean {
  if (wants[key] !== -1 && wants[key] !== value) return false;
  wants[key] = value;
  return true;
}

const COLUMNS = 8;

/** The wants of a chain's rules, side by side, so that most rules are passed without a call. */
export class Prefilter {
  readonly #rows: Int32Array;

  constructor(wants: readonly Wants[]) {
    this.#rows = new Int32Array(wants.length * COLUMNS);
    for (const [i, w] of wants.entries()) {
      const row = [
        w.sourceMask,
        w.source,
        w.destinationMask,
        w.destination,
        w.protocol,
        w.destinationPort,
        w.sourcePort,
        w.family,
      ];
      this.#rows.set(row, i * COLUMNS);
    }
  }

  /** The first rule from `from` on that the packet may match; the number of rules when there is none. */
  next(p: Packet, from: number): number {
    const rows = this.#rows;
    const source = p.source.w3;
    const destination = p.destination.w3;
    const { protocol, destinationPort, sourcePort, family } = p;
    for (let i = from * COLUMNS; i < rows.length; i += COLUMNS) {
      if ((source & rows[i]!) !== rows[i + 1] || (destination & rows[i + 2]!) !== rows[i + 3]) continue;
      if (!fits(rows[i + 4]!, protocol) || !fits(rows[i + 5]!, destinationPort)) continue;
      if (fits(rows[i + 6]!, sourcePort) && fits(rows[i + 7]!, family)) return i / COLUMNS;
    }
    return rows.length / COLUMNS;
  }
}

const fits = (wanted: number, value: number): boolean => wanted === -1 || wanted === value;
