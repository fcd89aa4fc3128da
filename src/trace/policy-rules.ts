import type { Packet } from './packet.ts';
import { defaultRules, TABLE, type Host, type Route, type Rule } from '../model/index.ts';

/** The rules of a host, and what is asked about them again and again. */
interface KnownRules {
  readonly 4: readonly Rule[];
  readonly 6: readonly Rule[];
  /** IPv4's are others than the kernel's own. */
  readonly areOwn: boolean;
  /** Families with a rule that looks at the transport header. */
  readonly askTransport: ReadonlySet<4 | 6>;
}

const ruleCache = new WeakMap<Host, KnownRules>();

function knownRules(host: Host): KnownRules {
  let known = ruleCache.get(host);
  if (!known) ruleCache.set(host, (known = readRules(host)));
  return known;
}

function readRules(host: Host): KnownRules {
  const of = (f: 4 | 6): readonly Rule[] => {
    const listed = host.rules.filter((r) => r.family === f);
    return listed.length === 0 ? defaultRules(f) : [...listed].sort((a, b) => a.priority - b.priority);
  };
  const rules = { 4: of(4), 6: of(6) };
  const askTransport = new Set(([4, 6] as const).filter((f) => rules[f].some((r) => r.iif !== 'lo' && asks(r))));
  return { ...rules, areOwn: !rules[4].every(isKernels) || rules[4].length !== OWN_OF_KERNEL.length, askTransport };
}

const asks = (r: Rule): boolean => r.protocol !== undefined || r.sport !== undefined || r.dport !== undefined;

const isKernels = ({ priority, action }: Rule, i: number): boolean =>
  priority === OWN_OF_KERNEL[i]?.[0] && action.kind === 'table' && action.table === OWN_OF_KERNEL[i][1];

/** The host's policy rules of a family, by priority; the kernel's own where none were collected. */
export const rulesOf = (host: Host, family: 4 | 6): readonly Rule[] => knownRules(host)[family];

const OWN_OF_KERNEL: readonly (readonly [priority: number, table: number])[] = [
  [0, TABLE.local],
  [32766, TABLE.main],
  [32767, TABLE.default],
];

/** Whether IPv4's rules are others than the kernel's own: then it keeps the tables local and main apart. */
export const hasOwnRules = (host: Host): boolean => knownRules(host).areOwn;

/** What the kernel reads of a packet's transport header before it routes it. */
export interface Transport {
  readonly protocol: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
}

const UNREAD: Transport = { protocol: 0, sourcePort: 0, destinationPort: 0 };

/**
 * The transport header as the rules see it of a packet that is already made. The kernel reads it only when a rule asks for
 * it, and does not count rules for own packets (`iif lo`) (fib_rule_requires_fldissect). ICMP has no ports.
 */
export function transportSeen(host: Host, packet: Packet): Transport {
  const { family, protocol, sourcePort, destinationPort, icmpType } = packet;
  if (!knownRules(host).askTransport.has(family)) return UNREAD;
  return icmpType >= 0 ? { ...UNREAD, protocol } : { protocol, sourcePort, destinationPort };
}

/** The rule that leads to the route's table. */
export const ruleTo = (host: Host, route: Route): Rule | undefined =>
  rulesOf(host, route.prefix.address.family).find((r) => r.action.kind === 'table' && r.action.table === route.table);
