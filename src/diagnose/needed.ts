import { formatAddress, formatPrefix, type Fact } from '../ip/index.ts';
import type { Failure } from './failure.ts';
import { networkName, prefixAround } from './network-prefix.ts';
import { isOverInternet, type NextStep } from './right-way.ts';

/** What a host would have needed, as the last piece of evidence: `10.8.0.0/24 via 10.5.5.5 dev eth0`. */
export const needed = (text: string): Fact => ({ source: 'needed', line: 0, text });

/** The route that would have led the lost packet home, where there is such a way. */
export function neededRoute({ network, packet }: Failure, host: string, next: NextStep | null): Fact[] {
  if (!next) return [];
  if (isOverInternet(network, network.hosts.get(host)!, next))
    return [needed(`a default route into the internet on ${host}`)];
  const via = next.via && next.tunnel === null ? ` via ${formatAddress(next.via)}` : '';
  return [needed(`${formatPrefix(prefixAround(network, packet.destination))}${via} dev ${next.dev} on ${host}`)];
}

/** The rule that would have let the lost packet through. */
export function neededAccept({ network, packet, step }: Failure): Fact[] {
  if (step?.action.kind !== 'filter') return [];
  const between = `from ${networkName(network, packet.source)} to ${networkName(network, packet.destination)}`;
  return [needed(`accept ${between} before that`)];
}
