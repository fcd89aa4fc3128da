import { expect, it } from 'vitest';
import { diagnose } from '../../src/diagnose/index.ts';
import { checkExpectation } from '../../src/reach/index.ts';
import { fixCommands } from '../../src/render/index.ts';
import { readScenarios } from './read-scenario.ts';

it('a rule for anybody on the internet names nobody there', () => {
  const { network } = readScenarios().find((s) => s.name === 'port-forward-drop')!;
  const { asked, network: world } = checkExpectation(network, network.expectations[0]!);
  const [finding] = diagnose(world, asked[0]!.question, asked[0]!.trip);
  expect(fixCommands(world, finding!.fixes[0]!)['router']!.apply).toEqual([
    'iptables -A FORWARD -i eth1 -o eth0 -d 10.5.5.20 -p tcp --dport 8443 -j ACCEPT',
  ]);
});
