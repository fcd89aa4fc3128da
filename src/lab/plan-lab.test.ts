import { describe, expect, it } from 'vitest';
import { loadText } from '../facts/index.ts';
import { isPrivate, parsePrefix } from '../ip/index.ts';
import type { Network } from '../model/index.ts';
import { batchText, ipLine } from './ip-line.ts';
import type { BoxPlan, LabPlan } from './lab-plan.ts';
import { planLab } from './plan-lab.ts';
import { NOT_CARRIED } from './plan-internet.ts';

const network = (yaml: string): Network => {
  const loaded = loadText(yaml, 'net.yaml', { read: () => null, list: () => [] });
  expect(loaded.diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
  return loaded.value;
};
const boxOf = (plan: LabPlan, host: string): BoxPlan => plan.boxes.find((b) => b.namespace === plan.hosts.get(host))!;
const said = (lines: readonly (readonly string[])[]): readonly string[] => lines.map((words) => words.join(' '));
const office = network(`
networks: { lan: 10.0.0.0/24, net: internet }
hosts:
  gw:
    on: { lan: { addresses: [10.0.0.1, 10.0.0.2], interface: lan0 }, net: { addresses: 203.0.113.2/24, interface: wan0 } }
    forwards: true
    routes: [default via 203.0.113.1, 10.1.0.0/16 via 10.0.0.7, blackhole 10.2.0.0/16, 10.3.0.0/16 via 10.0.0.7 table 7]
    rules: [from 10.1.0.0/16 lookup 7 priority 100]
    settings: { net.ipv4.conf.lan0.rp_filter: 1 }
    filter: none
  links: { on: { lan: 10.0.0.7 }, routes: [] }
  far: { on: { net: 198.51.100.9/24 }, routes: [default via 198.51.100.1] }
`);

describe('the plan of a lab', () => {
  const plan = planLab(office, 'x1');
  it('gives every host, the bridges and the internet a namespace, each with a name of its own', () => {
    expect(plan.namespaces).toEqual(['wm-x1-gw', 'wm-x1-links', 'wm-x1-far', 'wm-x1-links_', 'wm-x1-net-carrier']);
    expect(plan.links).toBe('wm-x1-links_');
  });
  it('makes cables straight in place', () => {
    expect(said(plan.wiring)).toEqual([
      'link add name lan0 netns wm-x1-gw type veth peer name p0 netns wm-x1-links_',
      'link add name wan0 netns wm-x1-gw type veth peer name p1 netns wm-x1-net-carrier',
      'link add name eth0 netns wm-x1-links type veth peer name p2 netns wm-x1-links_',
      'link add name eth0 netns wm-x1-far type veth peer name p3 netns wm-x1-net-carrier',
    ]);
  });
  it("makes only the model's routes, those on a link before those that need them", () => {
    const lines = said(boxOf(plan, 'gw').ip).filter((l) => /^(addr|rule|route)/.test(l));
    expect(lines).toEqual([
      'addr add 10.0.0.1/24 dev lan0 noprefixroute',
      'addr add 10.0.0.2/24 dev lan0 noprefixroute',
      'addr add 203.0.113.2/24 dev wan0 noprefixroute',
      'rule add from 10.1.0.0/16 lookup 7 priority 100',
      'route append 10.0.0.0/24 dev lan0 proto kernel src 10.0.0.1',
      'route append 203.0.113.0/24 dev wan0 proto kernel src 203.0.113.2',
      'route append blackhole 10.2.0.0/16',
      'route append default via 203.0.113.1 dev wan0',
      'route append 10.1.0.0/16 via 10.0.0.7 dev lan0',
      'route append 10.3.0.0/16 via 10.0.0.7 dev lan0 table 7',
    ]);
  });
  it('writes the switches first, then what the model has, and its defaults for the rest', () => {
    const { settings } = boxOf(plan, 'gw');
    expect(settings[0]).toEqual(['ipv4/ip_forward', '1']);
    const value = new Map(settings);
    expect(value.get('ipv4/conf/lan0/rp_filter')).toBe('1');
    expect(value.get('ipv4/conf/wan0/rp_filter')).toBe('0');
    expect(value.get('ipv4/conf/wan0/forwarding')).toBe('1');
    // a host that forwards stops believing redirects
    expect(value.get('ipv4/conf/all/accept_redirects')).toBe('0');
    expect(new Map(boxOf(plan, 'far').settings).get('ipv4/conf/all/accept_redirects')).toBe('1');
  });
  it('brings every public address to the host that has it', () => {
    const carrier = plan.boxes.find((b) => b.namespace === 'wm-x1-net-carrier')!;
    expect(said(carrier.ip).filter((l) => l.startsWith('route'))).toEqual([
      'route replace 203.0.113.2/32 dev p1',
      'route replace 198.51.100.9/32 dev p3',
      'route add default dev sink',
    ]);
  });
  it('keeps the order of routes of the same prefix', () => {
    const gw = office.hosts.get('gw')!;
    const shadow = gw.routes.find((r) => r.prefix.length === 16 && r.type === 'unicast')!;
    const connected = gw.routes.find((r) => r.prefix.length === 24)!;
    const first = { ...shadow, prefix: connected.prefix };
    const hosts = new Map(office.hosts).set('gw', { ...gw, routes: [first, ...gw.routes] });
    const lines = said(boxOf(planLab({ ...office, hosts }, 'x1'), 'gw').ip).filter((l) =>
      l.startsWith('route append 10.0.0.0/24'),
    );
    expect(lines.map((l) => l.includes(' via '))).toEqual([true, false]);
  });
});

describe('a line for ip', () => {
  it('has the words of its text, and each value in one', () => {
    expect(ipLine`link set ${'eth0'} mtu ${1500}`).toEqual(['link', 'set', 'eth0', 'mtu', '1500']);
    expect(ipLine`addr add ${'10.0.0.1'}/${24} dev ${'a b'}`).toEqual(['addr', 'add', '10.0.0.1/24', 'dev', 'a b']);
  });
  it.each(['x\nnetns add y', 'x type dummy', 'x\ty', 'x#', '"x', "'x", 'x\\', 'x\u0000', ''])(
    'is not made of %j, which ip would not read as one word',
    (name) => {
      expect(() => batchText([ipLine`link add ${name}`])).toThrow(`${JSON.stringify(name)} can not be a name`);
    },
  );
});

it('drops on the internet what the model calls private', () => {
  for (const text of [...NOT_CARRIED[4], ...NOT_CARRIED[6]]) {
    const prefix = parsePrefix(text);
    expect(prefix.ok && isPrivate(prefix.value.address), text).toBe(true);
  }
});
