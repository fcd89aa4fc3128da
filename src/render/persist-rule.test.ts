import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { hostPrefix, ipv4 } from '../ip/index.ts';
import { proposed, type NetworkManager, type Rule } from '../model/index.ts';
import { persistRule } from './persist-rule.ts';
import { office } from './test-support/office.ts';

const anything: Rule = {
  family: 4,
  priority: 32765,
  not: false,
  action: { kind: 'table', table: 200 },
  fact: proposed('lookup 200'),
};
const byMark: Rule = { ...anything, mark: { value: 2000, mask: 0xffffffff } };
const byPort: Rule = { ...anything, from: hostPrefix(ipv4(0x0a0a0a05)), protocol: 6, sport: { from: 80, to: 80 } };

const kept = (manager: NetworkManager, rule: Rule): string =>
  persistRule({ ...office.hosts.get('router')!, manager }, rule).persist.join('\n');

it.each([
  ['netplan', '- { from: "0.0.0.0/0", mark: 2000, table: 200, priority: 32765 }'],
  ['networkd', '#   FirewallMark=2000\n#   Table=200\n#   Priority=32765'],
  ['ifupdown', '#       up ip rule add from all fwmark 0x7d0 lookup 200 priority 32765 || true'],
  ['nmcli', "+ipv4.routing-rules 'priority 32765 fwmark 2000 table 200'"],
  ['unknown', '# what keeps the rules of router over a reboot is not known'],
] as const)('a rule by mark lasts with %s', (manager, text) => {
  expect(kept(manager, byMark)).toContain(text);
  expect(spawnSync('sh', ['-n'], { input: kept(manager, byMark), encoding: 'utf8' }).stderr).toBe('');
});

it.each([
  ['netplan', '# cannot be kept by netplan'],
  ['networkd', '#   From=10.10.10.5/32\n#   IPProtocol=6\n#   SourcePort=80'],
  ['nmcli', "'priority 32765 from 10.10.10.5/32 ipproto 6 sport 80 table 200'"],
] as const)('a rule by source port lasts with %s where it has words for it', (manager, text) => {
  expect(kept(manager, byPort)).toContain(text);
});
