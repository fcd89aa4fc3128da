import { bitsOf, contains, sameAddress } from '../../ip/index.ts';
import type { Route } from '../../model/index.ts';
import { linesOf } from '../route-lines.ts';
import type { VendorFacts } from './vendor-facts.ts';
import { addressOf } from '../interface-parts.ts';

/**
 * Interfaces that routes name, and own addresses that a listing of them tells: `L` rows are own addresses, as long as the network that is
 * connected to the same interface.
 */
export function learnFromTable(routes: readonly Route[], facts: VendorFacts): void {
  const connected = routes.filter((r) => r.protocol === 'kernel' && r.nexthops[0]?.dev !== undefined);
  for (const route of routes)
    for (const { dev } of route.nexthops) if (dev !== undefined) facts.interface(dev, lineOf(route));
  const isHost = ({ prefix }: Route): boolean => prefix.length === bitsOf(prefix.address.family);
  for (const { prefix, nexthops, fact } of connected.filter((r) => isHost(r) && /^\s*L/.test(r.fact.text))) {
    const dev = nexthops[0]!.dev!;
    const draft = facts.interface(dev, lineOf({ fact }));
    if (draft.addresses.some((a) => sameAddress(a.address, prefix.address))) continue;
    const networks = connected.filter((r) => !isHost(r) && r.nexthops[0]!.dev === dev && contains(r.prefix, prefix.address)); // prettier-ignore
    const length = Math.max(...networks.map((r) => r.prefix.length), 0) || prefix.length;
    draft.addresses.push(addressOf(prefix.address, length, fact));
  }
}

const lineOf = ({ fact }: Pick<Route, 'fact'>): Parameters<VendorFacts['interface']>[1] => {
  const [line] = linesOf(fact.text, fact.source);
  return { text: fact.text, words: line?.words ?? [], number: fact.line, source: fact.source };
};
