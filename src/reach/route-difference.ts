import { addToAddress, contains, lastAddress, sameAddress, type Address, type Prefix } from '../ip/index.ts';
import type { Host } from '../model/index.ts';
import { wayTo, type RouteEnd } from '../trace/index.ts';

/** Traffic that goes another way than before. */
export interface MovedTraffic {
  /** Where it goes to. */
  readonly prefix: Prefix;
  readonly before: RouteEnd;
  readonly after: RouteEnd;
}

/**
 * Which of the host's own traffic goes another way after a change of routes to a prefix: to the prefix itself, and to each
 * more specific one that the host knows. An address stands for all of a prefix that has no more specific route.
 */
export function movedTraffic(before: Host, after: Host, prefix: Prefix): readonly MovedTraffic[] {
  const inside = [...before.routes, ...after.routes].map((r) => r.prefix).filter((p) => isWithin(p, prefix));
  const unique = [...new Map([prefix, ...inside].map((p) => [keyOf(p), p])).values()];
  return unique.flatMap((p) => {
    const address = standingFor(p, unique);
    if (!address) return [];
    const [was, is] = [wayTo(before, address), wayTo(after, address)];
    return sameWay(was, is) ? [] : [{ prefix: p, before: was, after: is }];
  });
}

const keyOf = ({ address: a, length }: Prefix): string => [a.w0, a.w1, a.w2, a.w3, length].join(' ');

const isWithin = (inner: Prefix, outer: Prefix): boolean =>
  inner.address.family === outer.address.family && inner.length > outer.length && contains(outer, inner.address);

/** An address of the prefix that none of the more specific ones has. */
function standingFor(prefix: Prefix, all: readonly Prefix[]): Address | null {
  const inner = all.filter((p) => isWithin(p, prefix));
  const starts = [prefix.address, ...inner.map((p) => addToAddress(lastAddress(p), 1))];
  const candidates = starts.flatMap((a) => [addToAddress(a, 1), a, addToAddress(a, 2)]);
  return candidates.find((a) => contains(prefix, a) && !inner.some((p) => contains(p, a))) ?? null;
}

/** Whether packets go the same way. */
export function sameWay(a: RouteEnd, b: RouteEnd): boolean {
  if (a.kind === 'goes' && b.kind === 'goes') {
    const sameVia = a.via && b.via ? sameAddress(a.via, b.via) : a.via === b.via;
    const sameSource = a.source && b.source ? sameAddress(a.source, b.source) : a.source === b.source;
    return a.dev === b.dev && sameVia && sameSource && a.mtu === b.mtu;
  }
  if (a.kind === 'refused' && b.kind === 'refused') return a.error === b.error;
  if (a.kind === 'dropped' && b.kind === 'dropped') return a.outcome === b.outcome;
  return a.kind === b.kind;
}
