import {
  HaproxyEngine,
  IptablesEngine,
  NftEngine,
  NginxEngine,
  type Engine,
  type GuardSettings,
  type Way,
} from '../../../guard/index.ts';
import type { Machine } from '../../../host/index.ts';
import type { Diagnostic, Prefix } from '../../../ip/index.ts';

/** Whether blocks are carried out by a proxy on this machine, which brings blocked visitors to the page by itself. */
export const isInProxy = ({ engine }: GuardSettings): boolean => engine === 'nginx' || engine === 'haproxy';

/** What only an engine that runs for long needs. */
export interface EngineMore {
  /** Proxies in front of this machine. */
  readonly trusted?: readonly Prefix[];
  /** Is told of what goes wrong between two orders. */
  readonly report?: (diagnostic: Diagnostic) => void;
}

/** What carries decisions out on this machine, as the settings say. */
export function engineOf(
  machine: Machine,
  settings: GuardSettings,
  allowed: readonly Prefix[],
  { trusted = [], report = () => undefined }: EngineMore = {},
): Engine {
  const { engine, ports, delivery, visitorAddress: addressFrom, nginx, haproxy } = settings;
  const led = { ports, allowed, way: wayOf(settings), gone: delivery.gone };
  const plan = { pagePort: ports[0]!.page, allowed, addressFrom, trusted };
  switch (engine) {
    case 'nft':
      return new NftEngine(machine, led);
    case 'iptables':
      return new IptablesEngine(machine, led);
    case 'nginx':
      return new NginxEngine(machine, { ...nginx, plan, report });
    case 'haproxy':
      return new HaproxyEngine(machine, { ...haproxy, plan, report });
  }
}

function wayOf({ delivery: { way, servers, sorry, keepalived } }: GuardSettings): Way {
  if (way === 'keepalived') return { kind: 'mark', mark: keepalived.mark };
  const all = [...servers, ...sorry.map((address) => ({ address, weight: 1 }))];
  return servers.length === 0 ? { kind: 'here' } : { kind: 'servers', servers: all };
}
