import { expect, it } from 'vitest';
import type { WayResult } from '../way.ts';
import { runHook } from './run-hook.ts';
import { at, packet, router } from './testing/hook-world.ts';
import { address, base, rule, ruleset, table, verdict } from './testing/ruleset-builder.ts';

it('drops a packet that has no route to its new destination before the chains behind see it', () => {
  const rules = ruleset(
    table([
      base(
        'output',
        -100,
        [rule([{ kind: 'dnat', to: { address: { kind: 'address', address: address('10.9.0.1') } } }])],
        {
          type: 'nat',
        },
      ),
      base('output', 0, [rule([verdict('drop')])]),
    ]),
  );
  const output = (found: WayResult): unknown => {
    const way = { in: null, out: 't1', reroute: () => found };
    return runHook(packet({ source: '10.1.0.1' }), null, at('output', router(rules), { connections: [] }, way));
  };
  expect(output({ way: null, error: 'ENETUNREACH' })).toEqual({ kind: 'drop', error: 'ENETUNREACH' });
  expect(output({ way: { dev: 't0', via: null, source: null, mtu: null } })).toEqual({ kind: 'drop' });
});
