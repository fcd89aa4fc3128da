import { contains, formatAddress, prefixOf, type Fact } from '../../ip/index.ts';
import { needed } from '../needed.ts';
import type { Failure } from '../failure.ts';
import type { CauseTest } from './cause-test.ts';

/** The interface that the packet should leave by is down; or the one whose network it is for, which then has no route. */
export const interfaceDown: CauseTest = (failure) => {
  const { trace, hop, step } = failure;
  if (trace.outcome !== 'interface-down') return withoutRoute(failure);
  const dev = step?.action.kind === 'interface-down' ? step.action.dev : '';
  return { host: hop.host, evidence: [...(step?.because ?? []), needed(`${dev} up`)], params: { dev } };
};

const ASTRAY = ['no-route', 'private-on-internet', 'neighbour-unreachable', 'ttl-expired', 'unknown'];

/** The kernel takes an interface's routes away when it goes down (fib_disable_ip in net/ipv4/fib_frontend.c). */
function withoutRoute({ network, trace, packet }: Failure): ReturnType<CauseTest> {
  if (!ASTRAY.includes(trace.outcome)) return null;
  for (const { host } of trace.hops) {
    for (const dev of network.hosts.get(host)?.interfaces ?? []) {
      const own = dev.addresses.find((a) => contains(prefixOf(a.peer ?? a.address, a.length), packet.destination));
      if (dev.up || dev.link === undefined || !own) continue;
      const here: Fact = {
        ...own.fact,
        text: `${formatAddress(own.address)}/${own.length} on ${dev.name}, which is down`,
      };
      return { host, evidence: [here, needed(`${dev.name} up`)], params: { dev: dev.name } };
    }
  }
  return null;
}
