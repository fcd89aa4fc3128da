import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Route, Rule } from '../../model/index.ts';
import {
  parseRouteWords,
  parseRoutes,
  parseRuleWords,
  parseRules,
  routeAddCommand,
  routeDelCommand,
  ruleAddCommand,
  ruleDelCommand,
} from './index.ts';

const namespace = `wm-${process.pid}-dialect`;
const run = (...words: readonly string[]): { status: number | null; stdout: string; stderr: string } =>
  spawnSync(words[0]!, words.slice(1), { encoding: 'utf8' });
const inside = (...words: readonly string[]): string => {
  const { status, stdout, stderr } = run('ip', 'netns', 'exec', namespace, ...words);
  if (status !== 0) throw new Error(`${words.join(' ')}: ${stderr}`);
  return stdout;
};
const possible = run('ip', 'netns', 'add', namespace).status === 0;
if (!possible) console.log('skipped: no network namespaces here (needs root and iproute2)');

const SETUP = [
  'ip link set lo up',
  'ip link add eth0 type veth peer name eth1',
  'ip link set eth0 addrgenmode none',
  'ip link set eth1 addrgenmode none',
  'ip link set eth0 up',
  'ip link set eth1 up',
  'ip addr add 10.5.5.5/24 dev eth0',
  'ip addr add 10.5.5.6/24 dev eth0',
  'ip -6 addr add fd00:5::5/64 dev eth0 nodad',
];

const ROUTES = [
  '10.8.0.0/24 via 10.5.5.1 dev eth0',
  '10.8.0.0/24 via 10.5.5.1 dev eth0 metric 50 table 100 proto 187',
  '10.8.0.0/24 via 10.5.5.2 dev eth0 tos 0x10',
  '10.9.0.0/16 dev eth0',
  '10.9.0.0/16 dev eth0 scope global metric 3',
  '1.2.3.4 via 192.0.2.1 dev eth0 onlink mtu 1400 src 10.5.5.6',
  '10.10.0.0/16 via inet6 fd00:5::1 dev eth0',
  '10.11.0.0/16 nexthop via 10.5.5.1 dev eth0 weight 1 nexthop via 10.5.5.2 dev eth0 weight 3 onlink',
  'unreachable 10.12.0.0/16',
  'prohibit 10.13.0.0/16 metric 7 proto static',
  'blackhole 10.14.0.0/16',
  'throw 10.15.0.0/16 table 100',
  'local 10.16.0.0/16 dev lo',
  'default via 10.5.5.1 dev eth0 proto dhcp metric 100',
  'default via fd00:5::1 dev eth0',
  '2001:db8:1::/48 dev eth0 metric 5',
  '2001:db8:2::1 via fe80::1 dev eth0 src fd00:5::5 mtu 1300',
  '2001:db8:3::/48 nexthop via fd00:5::1 dev eth0 weight 1 nexthop via fd00:5::2 dev eth0 weight 2',
  'unreachable 2001:db8:4::/48',
  'blackhole 2001:db8:5::/48 table 100',
  'ip -6 route add default dev eth0 metric 9',
];

const RULES = [
  'from 10.1.0.0/16 lookup 100 priority 100',
  'not from all fwmark 0xca6c lookup 51820 priority 101',
  'lookup main suppress_prefixlength 0 priority 102',
  'to 10.9.9.9 fwmark 0x1/0xff tos 0x10 iif eth0 oif eth1 prohibit priority 103',
  'ipproto tcp sport 1000-2000 dport 22 uidrange 0-1000 unreachable priority 104',
  'goto 200 priority 105',
  'nop priority 200',
  'from fd00:1::/64 blackhole priority 100',
];

describe.skipIf(!possible)('the kernel', () => {
  beforeAll(() => {
    for (const command of SETUP) inside(...command.split(' '));
  });
  afterAll(() => run('ip', 'netns', 'del', namespace));

  const routes = (): unknown[] => {
    const v4 = parseRoutes(inside('ip', '-j', '-d', '-4', 'route', 'show', 'table', 'all'), '4');
    const v6 = parseRoutes(inside('ip', '-j', '-d', '-6', 'route', 'show', 'table', 'all'), '6');
    return [...v4.value, ...v6.value].map(bareRoute);
  };
  const bareRoute = (r: Route): unknown => ({ ...r, fact: null });
  const rules = (family: 4 | 6): unknown[] =>
    parseRules(inside('ip', `-${family}`, '-j', 'rule', 'show'), 'x', family).value.map(bareRule);
  const bareRule = (r: Rule): unknown => ({ ...r, fact: null });

  it.each(ROUTES)('has the route that the command adds, and loses it again: %s', (words) => {
    const route = parseRouteWords(words, { source: 'x', line: 1 }).value!;
    const before = routes();
    inside(...routeAddCommand(route));
    const after = routes();
    expect(after).toHaveLength(before.length + 1);
    expect(after).toContainEqual(bareRoute(route));
    inside(...routeDelCommand(route));
    expect(routes()).toEqual(before);
  });

  it.each(RULES)('has the rule that the command adds, and loses it again: %s', (words) => {
    const rule = parseRuleWords(words, { source: 'x', line: 1 }).value!;
    const before = rules(rule.family);
    inside(...ruleAddCommand(rule));
    expect(rules(rule.family)).toContainEqual(bareRule(rule));
    inside(...ruleDelCommand(rule));
    expect(rules(rule.family)).toEqual(before);
  });

  it('takes away the one of two routes that is meant', () => {
    const [near, far] = [
      '10.20.0.0/16 via 10.5.5.1 dev eth0 metric 1',
      '10.20.0.0/16 via 10.5.5.1 dev eth0 metric 2 proto 187',
    ].map((words) => parseRouteWords(words, { source: 'x', line: 1 }).value!);
    inside(...routeAddCommand(near!));
    inside(...routeAddCommand(far!));
    inside(...routeDelCommand(far!));
    expect(routes()).toContainEqual(bareRoute(near!));
    expect(routes()).not.toContainEqual(bareRoute(far!));
    inside(...routeDelCommand(near!));
  });
});
