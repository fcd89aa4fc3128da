import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadText } from '../facts/index.ts';
import { parseRouteWords } from '../dialect/index.ts';
import { formatAddress } from '../ip/index.ts';
import { applyChanges, type Change, type Network } from '../model/index.ts';
import { roundTrip } from '../trace/index.ts';
import {
  addressFor,
  askFor,
  checkExpectation,
  findEndpoint,
  surveyPairs,
  whatDiffers,
  worldWith,
  type Pair,
  type Survey,
} from './index.ts';

const folder = join(import.meta.dirname, '../../test/scenario');
const load = (text: string): Network => loadText(text, 'network.yaml', { read: () => null, list: () => [] }).value;
const scenario = (name: string): Network => load(readFileSync(join(folder, `${name}.yaml`), 'utf8'));
const PING = { protocol: 'icmp', port: 0 } as const;

const destination = (network: Network, from: string, to: string): string => {
  const question = askFor(network, from, to, PING);
  return question.ok ? formatAddress(question.value.destination) : question.message;
};

describe('askFor', () => {
  const office = scenario('blog-office');

  it('speaks to a tunnel client inside the tunnel, to others on the shared link or outside the tunnel', () => {
    expect(destination(office, 'linux-server', 'laptop')).toBe('10.8.0.2');
    expect(destination(office, 'laptop', 'linux-server')).toBe('10.5.5.20');
    expect(destination(office, 'linux-server', 'router')).toBe('10.5.5.1');
    expect(destination(office, 'home-router', 'router')).toBe('203.0.113.1');
    expect(destination(office, 'laptop', 'vpn-server')).toBe('10.5.5.5');
  });

  it('takes an address of a family that the asker has', () => {
    expect(destination(scenario('ipv6-healthy'), 'linux-server', 'laptop')).toMatch(/^fd00:8::/);
    expect(destination(scenario('ipv6-healthy'), 'home-router', 'laptop')).toBe('192.168.1.10');
  });

  it('asks one host, not many', () => {
    for (const to of ['224.0.0.1', '255.255.255.255', '0.0.0.0', '::', 'ff02::1'])
      expect(destination(office, 'laptop', to)).toBe(`${to} is no address of one host`);
    expect(destination(office, 'laptop', 'office')).toBe("'office' is a network, not a host");
    expect(findEndpoint(office, 'internet')).toMatchObject({ hint: 'name an address there, such as 9.9.9.9' });
    expect(findEndpoint(office, 'office')).toMatchObject({ hint: expect.stringContaining('linux-server') });
  });

  it('says what it does not know', () => {
    expect(destination(office, 'laptop', 'linux-servr')).toContain("no host 'linux-servr'");
    expect(destination(office, '10.5.5.99', 'laptop')).toContain('10.5.5.99');
    expect(destination(office, 'laptop', '10.5.5.256')).toContain('256');
    const six = askFor(office, 'laptop', 'printer', { ...PING, family: 6 });
    expect(six.ok ? '' : six.message).toBe('printer has no IPv6 address');
    expect(findEndpoint(office, '10.5.5.20')).toMatchObject({ ok: true, value: { host: 'linux-server' } });
    expect(findEndpoint(office, '::ffff:10.5.5.20')).toMatchObject({ ok: true, value: { host: 'linux-server' } });
    expect(findEndpoint(office, '192.0.2.1')).toMatchObject({ ok: true, value: { host: null } });
  });
});

describe('worldWith', () => {
  const office = scenario('blog-office');
  const asked = (from: string, to: string): string => {
    const question = askFor(worldWith(office, from), from, to, { protocol: 'tcp', port: 22 });
    return question.ok ? formatAddress(question.value.source ?? question.value.destination) : question.message;
  };

  it('puts somebody with a public address on the internet', () => {
    expect(asked('9.9.9.9', 'router')).toBe('9.9.9.9');
    expect(asked('::ffff:9.9.9.9', 'router')).toBe('9.9.9.9');
    expect(asked('2620:fe::9', 'router')).toBe('router has no IPv6 address');
    const trip = roundTrip(worldWith(office, '9.9.9.9'), {
      from: '9.9.9.9', destination: addressFor(office, 'laptop', 'router')!, protocol: 'icmp', destinationPort: 0, sourcePort: 1,
    }); // prettier-ignore
    expect(trip.forward.hops[0]!.host).toBe('9.9.9.9');
  });

  it('leaves alone what has a host, is private or no address, and networks without an internet', () => {
    const lan = { ...office, links: new Map([...office.links].filter(([, l]) => l.kind === 'lan')) };
    for (const text of ['10.5.5.20', '10.9.9.9', '127.0.0.1', '224.0.0.1', 'nonsense'])
      expect(worldWith(office, text)).toBe(office);
    expect(worldWith(lan, '9.9.9.9')).toBe(lan);
    expect(asked('10.9.9.9', 'router')).toContain('no host of this network has the address 10.9.9.9');
  });
});

const wordsOf = ({ from, to, protocol }: Pair): string => `${from} ${to} ${protocol}`;
const answered = (survey: Survey): Set<string> =>
  new Set(
    survey.asked.filter((a) => a.isAnswered).map((a) => `${wordsOf(a.pair)} ${formatAddress(a.question.destination)}`),
  );
/** Two hosts stand once, however many of their addresses are answered otherwise. */
const without = (all: ReadonlySet<string>, some: ReadonlySet<string>): string[] =>
  [...new Set([...all].filter((a) => !some.has(a)).map((a) => a.split(' ').slice(0, 3).join(' ')))].sort();

describe('whatDiffers', () => {
  const services = [PING, { protocol: 'tcp', port: 22 }] as const;
  const names = ['blog-office', 'stateful-router-redirects', 'nat-box', 'site-no-push'];

  it.each(names)('says of %s what asking everything again says', (name) => {
    const network = scenario(name);
    const before = surveyPairs(network, services);
    const changes: Change[][] = [...network.hosts.values()].flatMap((host) => [
      [{ kind: 'set', host: host.name, key: 'ipv4/ip_forward', value: '1' }],
      [{ kind: 'set', host: host.name, key: 'ipv4/ip_forward', value: '0' }],
      [{ kind: 'set', host: host.name, key: 'ipv4/conf/all/accept_redirects', value: '0' }],
      ...host.routes
        .filter((r) => r.prefix.length < 32)
        .map((route): Change[] => [{ kind: 'remove-route', host: host.name, route }]),
    ]);
    for (const change of changes) {
      const changed = applyChanges(network, change);
      const { opens, closes } = whatDiffers(before, changed, new Set(change.map((c) => c.host)));
      const [was, is] = [answered(before), answered(surveyPairs(changed, services))];
      expect(opens.map(wordsOf).sort()).toEqual(without(is, was));
      expect(closes.map(wordsOf).sort()).toEqual(without(was, is));
    }
  });

  it('asks only about the hosts named', () => {
    const pairs = surveyPairs(scenario('blog-office'), [PING], new Set(['laptop'])).asked.map((a) => a.pair);
    expect(pairs.every((p) => p.from === 'laptop' || p.to === 'laptop')).toBe(true);
    expect(pairs.filter((p) => !p.address)).toHaveLength(10);
  });

  it('asks every address of a host, and names those that the asker would not take', () => {
    const network = scenario('two-cards-strict');
    const before = surveyPairs(network, [PING]);
    const parsed = parseRouteWords('10.30.0.0/24 via 10.10.0.1 dev eth0', { source: 'test', line: 1 });
    const changes: Change[] = [{ kind: 'add-route', host: 'server', route: parsed.value!, by: 'hand' }];
    const { opens, closes } = whatDiffers(before, applyChanges(network, changes), new Set(['server']));
    const said = (pairs: readonly Pair[]): string[] =>
      pairs.map((p) => `${wordsOf(p)}${p.address ? ` ${formatAddress(p.address)}` : ''}`);
    expect(said(opens)).toEqual(['user server icmp']);
    expect(said(closes)).toEqual(['user server icmp 10.20.0.50']);
  });
});

describe('checkExpectation', () => {
  const check = (name: string, lines: string): (boolean | null)[] => {
    const network = load(`${readFileSync(join(folder, `${name}.yaml`), 'utf8')}expect:\n${lines}`);
    return network.expectations.map((e) => checkExpectation(network, e).holds);
  };

  it('judges hosts, links, and what comes from the internet', () => {
    const lines = [
      'laptop reaches linux-server',
      'laptop cannot reach linux-server',
      'office reaches printer',
      'internet cannot reach linux-server',
      'internet reaches router',
    ];
    expect(check('healthy', lines.map((l) => `  - ${l}\n`).join(''))).toEqual([true, false, true, true, true]);
    expect(check('blog-office', lines.map((l) => `  - ${l}\n`).join(''))).toEqual([false, true, true, true, true]);
  });

  const holds = (text: string, lines: readonly string[]): (boolean | null)[] => {
    const network = load(`${text}expect: ${JSON.stringify(lines)}\n`);
    return network.expectations.map((e) => checkExpectation(network, e).holds);
  };
  const guests = (policy: string): string => `
networks: { office: 10.1.0.0/24, guests: 10.2.0.0/24, internet: internet }
hosts:
  router:
    on: { office: 10.1.0.1, guests: 10.2.0.1, internet: 203.0.113.1 }
    forwards: true
    routes: [default via 203.0.113.254]
    iptables: |
      *nat
      :POSTROUTING ACCEPT [0:0]
      -A POSTROUTING -s 10.1.0.0/24 -o eth2 -j MASQUERADE
      COMMIT
      *filter
      :FORWARD ${policy} [0:0]
      -A FORWARD -o eth2 -j ACCEPT
      -A FORWARD -i eth2 -m conntrack --ctstate ESTABLISHED -j ACCEPT
      COMMIT
  pc: { on: { office: 10.1.0.5 }, routes: [default via 10.1.0.1], filter: none }
  phone: { on: { guests: 10.2.0.5 }, routes: [default via 10.2.0.1], filter: none }
`;

  it('a router between two networks speaks for neither of them', () => {
    const lines = ['guests cannot reach office', 'guests reaches office', 'internet cannot reach office'];
    expect(holds(guests('DROP'), lines)).toEqual([true, false, true]);
    expect(holds(guests('ACCEPT'), lines)).toEqual([false, true, true]);
  });

  it('the internet is somebody there, not the own router', () => {
    const lines = [
      'pc reaches internet',
      'phone reaches internet',
      'phone cannot reach internet',
      'phone reaches 203.0.113.1',
    ];
    expect(holds(guests('DROP'), lines)).toEqual([true, false, true, true]);
  });

  it('a tunnel is a network too', () => {
    const named = (name: string): string =>
      readFileSync(join(folder, `${name}.yaml`), 'utf8').replace('networks: {', 'networks: { vpn: 10.8.0.0/24,');
    const lines = ['vpn reaches linux-server', 'linux-server reaches vpn', 'vpn cannot reach printer'];
    expect(holds(named('blog-office'), lines)).toEqual([false, false, true]);
    expect(holds(named('healthy'), lines)).toEqual([true, true, false]);
  });

  it('by no way of several may go what should not', () => {
    const text = `
networks: { a: 10.1.0.0/24, b: 10.2.0.0/24 }
hosts:
  pc: { on: { a: 10.1.0.5 }, filter: none, routes: [default nexthop via 10.1.0.1 nexthop via 10.1.0.2] }
  one: { on: { a: 10.1.0.1, b: 10.2.0.1 }, forwards: true, filter: none, routes: [] }
  two: { on: { a: 10.1.0.2, b: 10.2.0.2 }, forwards: false, filter: none, routes: [] }
  server: { on: { b: 10.2.0.9 }, filter: none, routes: [default via 10.2.0.1] }
`;
    expect(holds(text, ['pc reaches server', 'pc cannot reach server'])).toEqual([false, false]);
  });

  it('knows what it does not know', () => {
    expect(check('unknown-gateway', '  - laptop reaches linux-server\n  - laptop cannot reach linux-server\n')).toEqual(
      [null, null],
    );
  });
});
