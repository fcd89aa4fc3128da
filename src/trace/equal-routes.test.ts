import { expect, it } from 'vitest';
import { emptyRuleset, type Host, type Neighbour, type Route, type Setting } from '../model/index.ts';
import { Choices } from './choice.ts';
import { fibLookup } from './fib-lookup.ts';
import { router } from './netfilter/testing/hook-world.ts';
import { address, fact, prefix } from './netfilter/testing/ruleset-builder.ts';

const route = (to: string, via: string | null, metric: number, type: Route['type'] = 'unicast'): Route => ({
  prefix: prefix(to),
  type,
  table: 254,
  metric,
  tos: 0,
  scope: 'global',
  protocol: 'static',
  nexthops:
    via === null ? [] : [{ dev: 't0', via: address(via), weight: 1, onlink: false, dead: false, linkdown: false }],
  fact: fact(`${to} ${via ?? type} ${metric}`),
});
const failed: Neighbour = { address: address('fd00:0::2'), dev: 't0', state: 'failed', fact: fact('failed') };

/** The text of the route to 2001:db8::9 that wins. */
function winner(routes: readonly Route[], forwarding = '0', neighbours: readonly Neighbour[] = [failed]): unknown {
  const setting: Setting = { value: forwarding, fact: fact('sysctl') };
  const settings = new Map([['ipv6/conf/all/forwarding', setting]]);
  const host: Host = { ...router(emptyRuleset(true)), routes, neighbours, settings };
  const key = {
    destination: address('2001:db8::9'), source: null, iif: 'lo', mark: 0, tos: 0, protocol: 17, sourcePort: 0, destinationPort: 0,
  }; // prettier-ignore
  return fibLookup(host, key, new Choices()).route?.fact.text;
}

it('passes over IPv6 routes of a failed gateway where the host does not forward and has another route', () => {
  const near = route('2001:db8::/64', 'fd00:0::2', 10);
  const worse = route('2001:db8::/64', 'fd00:0::3', 20);
  const wide = route('::/0', 'fd00:0::3', 1024);
  expect(winner([near, worse, wide])).toBe(worse.fact.text);
  expect(winner([near, wide])).toBe(wide.fact.text);
  expect(winner([near, route('::/0', null, 1024, 'unreachable')])).toBe('::/0 unreachable 1024');
  expect(winner([near])).toBe(near.fact.text);
  expect(winner([near, wide], '1')).toBe(near.fact.text);
  expect(winner([near, wide], '0', [{ ...failed, state: 'incomplete' }])).toBe(near.fact.text);
});
