import { expect, it } from 'vitest';
import type { FilterTable } from '../../model/index.ts';
import { FORGOTTEN, type Tracked } from '../hook-context.ts';
import { PROTOCOL } from '../packet.ts';
import { runHook } from './run-hook.ts';
import { at, packet, router } from './testing/hook-world.ts';
import { base, rule, ruleset, state, table, verdict } from './testing/ruleset-builder.ts';

/** The state of an ICMP error that this host sends, under a rule that excepts everything in OUTPUT. */
function stateOf(engine: FilterTable['engine'], tracked: Tracked | null): string | undefined {
  const rules = ruleset(
    table(
      [
        base('output', -300, [rule([{ kind: 'notrack' }])]),
        base('forward', 0, [rule([state('new'), verdict('drop')])]),
      ],
      {
        engine,
      },
    ),
  );
  const inner = packet({ source: '10.1.0.9', destination: '10.0.0.5' });
  const error = packet({ source: '10.0.0.1', protocol: PROTOCOL.icmp, icmpType: 3, icmpCode: 1, inner });
  const result = runHook(error, tracked, at('output', router(rules), { connections: [] }, { in: null, out: 't1' }));
  return result.kind === 'accept' ? result.tracked?.state : result.kind;
}

it('excepts what answers a packet that was not tracked: nft does, iptables passes it over', () => {
  expect(stateOf('nftables', FORGOTTEN)).toBe('untracked');
  expect(stateOf('iptables', FORGOTTEN)).toBe('invalid');
  expect(stateOf('nftables', null)).toBe('untracked');
  expect(stateOf('iptables', null)).toBe('untracked');
});
