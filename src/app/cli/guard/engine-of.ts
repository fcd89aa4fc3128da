import { IptablesEngine, NftEngine, type Engine, type GuardSettings, type Way } from '../../../guard/index.ts';
import type { Machine } from '../../../host/index.ts';
import type { Prefix } from '../../../ip/index.ts';

/** What carries decisions out on this machine, as the settings say. */
export function engineOf(machine: Machine, settings: GuardSettings, allowed: readonly Prefix[]): Engine {
  const { ports, engine, delivery } = settings;
  const led = { ports, allowed, way: wayOf(settings), gone: delivery.gone };
  return engine === 'nft' ? new NftEngine(machine, led) : new IptablesEngine(machine, led);
}

function wayOf({ delivery: { way, servers, sorry, keepalived } }: GuardSettings): Way {
  if (way === 'keepalived') return { kind: 'mark', mark: keepalived.mark };
  const all = [...servers, ...sorry.map((address) => ({ address, weight: 1 }))];
  return servers.length === 0 ? { kind: 'here' } : { kind: 'servers', servers: all };
}
