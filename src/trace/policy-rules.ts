import type { Packet } from './packet.ts';
import { defaultRules, TABLE, type Host, type Route, type Rule } from '../model/index.ts';

const ruleCache = new WeakMap<Host, { 4: readonly Rule[]; 6: readonly Rule[] }>();

/** The host's policy rules of a family, by priority; the kernel's own where none were collected. */
export function rulesOf(host: Host, family: 4 | 6): readonly Rule[] {
  let own = ruleCache.get(host);
  if (!own) {
    const of = (f: 4 | 6): readonly Rule[] => {
      const listed = host.rules.filter((r) => r.family === f);
      return listed.length === 0 ? defaultRules(f) : [...listed].sort((a, b) => a.priority - b.priority);
    };
    ruleCache.set(host, (own = { 4: of(4), 6: of(6) }));
  }
  return own[family];
}

const OWN_OF_KERNEL: readonly (readonly [priority: number, table: number])[] = [
  [0, TABLE.local],
  [32766, TABLE.main],
  [32767, TABLE.default],
];

/** Whether IPv4's rules are others than the kernel's own: then it keeps the tables local and main apart. */
export function hasOwnRules(host: Host): boolean {
  const rules = rulesOf(host, 4);
  const isKernels = ({ priority, action }: Rule, i: number): boolean =>
    priority === OWN_OF_KERNEL[i]?.[0] && action.kind === 'table' && action.table === OWN_OF_KERNEL[i][1];
  return rules.length !== OWN_OF_KERNEL.length || !rules.every(isKernels);
}

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
  const asks = (r: Rule): boolean => r.protocol !== undefined || r.sport !== undefined || r.dport !== undefined;
  if (!rulesOf(host, family).some((r) => r.iif !== 'lo' && asks(r))) return UNREAD;
  return icmpType >= 0 ? { ...UNREAD, protocol } : { protocol, sourcePort, destinationPort };
}

/** The rule that leads to the route's table. */
export const ruleTo = (host: Host, route: Route): Rule | undefined =>
  rulesOf(host, route.prefix.address.family).find((r) => r.action.kind === 'table' && r.action.table === route.table);
