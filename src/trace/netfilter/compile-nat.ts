import {
  fromBigInt,
  ipv4,
  ipv6,
  isLinkLocal,
  isUnspecified,
  mask32,
  toBigInt,
  type Address,
  type NumberRange,
  type Prefix,
} from '../../ip/index.ts';
import { interfaceNamed, type NatTarget, type Statement, type Value } from '../../model/index.ts';
import type { Operation, Scope, Effect } from './compile-scope.ts';
import { compileValue } from './compile-value.ts';
import type { NatRange } from './nat-range.ts';
import type { Reader, Run } from './run.ts';
import { halfAt, setUpTranslation } from './translate.ts';

type ToTarget = Extract<Statement, { kind: 'snat' | 'dnat' }>;
type ToSelf = Extract<Statement, { kind: 'masquerade' | 'redirect' }>;
type Nat = ToTarget | ToSelf;

/**
 * What a packet's translation is to be. `end`: the rule does not apply; `on`: it is for the other family; `drop`: there
 * is no address to write.
 */
type Wanted = NatRange | 'end' | 'on' | 'drop';

/** Makes the operation of a translation. Outside of chains of type nat it does nothing. */
export function compileNat(nat: Nat, scope: Scope): Operation {
  const want = wanted(nat, scope);
  return (run): Effect => {
    const connection = run.tracked?.connection;
    if (!run.translating || !connection) return 'on';
    const range = want(run);
    if (range === 'end' || range === 'on') return range;
    if (range === 'drop') return { kind: 'drop' };
    if (nat.kind === 'masquerade') {
      if (isUnspecified(connection.original.source)) return { kind: 'accept' };
      connection.masqueradeOut = run.context.out;
    }
    setUpTranslation(run, connection, halfAt(run), range);
    return { kind: 'accept' };
  };
}

function wanted(nat: Nat, scope: Scope): (run: Run) => Wanted {
  if ('to' in nat) return fromTarget(nat.to, nat.kind, scope);
  const ports = portsOf(nat.port, nat.portRange, scope);
  const address = nat.kind === 'masquerade' ? masqueradeAddress : redirectAddress;
  return (run) => {
    const range = ports(run);
    if (range === undefined) return 'end';
    const written = address(run);
    return written ? { addresses: { from: written, to: written }, ports: range } : 'drop';
  };
}

/** nf_nat_masquerade_ipv4 asks for the next hop, nf_nat_masquerade_ipv6 for the destination. */
function masqueradeAddress(run: Run): Address | null {
  const { packet, context } = run;
  const { out } = context;
  if (out === null) return null;
  const towards = packet.family === 4 && context.nextHop?.family === 4 ? context.nextHop : packet.destination;
  return context.fib.masqueradeAddress(out, towards);
}

/** nf_nat_redirect.c: the loopback address for own packets, else the first address of the input interface. */
function redirectAddress(run: Run): Address | null {
  const { family, destination } = run.packet;
  if (run.context.hook === 'output') return family === 4 ? ipv4(0x7f000001) : ipv6(0, 0, 0, 1);
  const dev = run.context.in === null ? undefined : interfaceNamed(run.context.host, run.context.in);
  const own = dev?.addresses.map((a) => a.address).filter((a) => a.family === family) ?? [];
  const near = family === 6 && isLinkLocal(destination) ? own.filter(isLinkLocal) : own;
  return near[0] ?? null;
}

/** Ports to write: null keeps them; undefined when the value is missing. */
function portsOf(
  port: Value | undefined,
  range: NumberRange | undefined,
  scope: Scope,
): (run: Run) => NumberRange | null | undefined {
  if (!port) return () => range ?? null;
  const read = compileValue(port, scope);
  return (run) => {
    const number = read(run);
    return typeof number === 'number' ? { from: number, to: number } : undefined;
  };
}

function fromTarget(to: NatTarget, kind: 'snat' | 'dnat', scope: Scope): (run: Run) => Wanted {
  const ports = portsOf(to.port, to.portRange, scope);
  const addresses = addressesOf(to, kind, scope);
  const both = to.addressAndPort && compileValue(to.addressAndPort, scope);
  return (run) => {
    if (both) return fromPair(run, both);
    const range = ports(run);
    const written = addresses(run);
    if (range === undefined || written === undefined) return 'end';
    if (written && written.from.family !== run.packet.family) return 'on';
    return { addresses: written, ports: range };
  };
}

type Addresses = NatRange['addresses'];

function addressesOf(to: NatTarget, kind: 'snat' | 'dnat', scope: Scope): (run: Run) => Addresses | undefined {
  const { netmap, addressRange } = to;
  if (netmap) {
    return ({ packet }) => one(swapNetwork(kind === 'snat' ? packet.source : packet.destination, netmap));
  }
  if (addressRange) return () => addressRange;
  if (!to.address) return () => null;
  const read = compileValue(to.address, scope);
  return (run) => {
    const address = read(run);
    return isAddress(address) ? one(address) : undefined;
  };
}

const one = (a: Address): Addresses => ({ from: a, to: a });
const isAddress = (d: ReturnType<Reader>): d is Address => typeof d === 'object' && !Array.isArray(d);

/** The network's bits with the address's host bits. */
function swapNetwork(address: Address, network: Prefix): Address {
  const { address: base, length } = network;
  if (base.family !== address.family) return base;
  if (base.family === 4) return ipv4(base.w3 | (address.w3 & ~mask32(length)));
  const hostBits = (1n << BigInt(128 - length)) - 1n;
  return fromBigInt(toBigInt(base) | (toBigInt(address) & hostBits), 6);
}

function fromPair(run: Run, both: Reader): Wanted {
  const pair = both(run);
  if (!Array.isArray(pair)) return 'end';
  const [address, port] = pair as readonly ReturnType<Reader>[];
  if (!isAddress(address) || typeof port !== 'number') return 'end';
  if (address.family !== run.packet.family) return 'on';
  return { addresses: one(address), ports: { from: port, to: port } };
}
