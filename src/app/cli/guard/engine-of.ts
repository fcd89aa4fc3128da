import { IptablesEngine, NftEngine, type Engine, type GuardSettings } from '../../../guard/index.ts';
import type { Machine } from '../../../host/index.ts';
import type { Prefix } from '../../../ip/index.ts';

/** What carries decisions out on this machine, as the settings say. */
export function engineOf(machine: Machine, settings: GuardSettings, allowed: readonly Prefix[]): Engine {
  const delivery = { ports: settings.ports, allowed, way: { kind: 'here' }, gone: 'refuse' } as const;
  return settings.engine === 'nft' ? new NftEngine(machine, delivery) : new IptablesEngine(machine, delivery);
}
