import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { IptablesEngine, NftEngine, type Decision, type Engine } from '../../src/guard/index.ts';
import { whyNoLab } from '../support/lab-available.ts';
import { decision, delivery, prefix } from './decisions.ts';
import { makeProxySite, type Proxy } from './proxy-site.ts';
import { makeSite, type Site } from './site.ts';

/** An engine at its site. */
interface Case {
  readonly name: string;
  readonly site: Site;
  readonly make: () => Engine;
}
const firewall = async (name: string, make: (site: Site) => Engine): Promise<Case> => {
  const site = await makeSite();
  return { name, site, make: () => make(site) };
};
const proxy = async (name: Proxy): Promise<Case> => {
  const site = await makeProxySite(name);
  return { name, site, make: () => site.engine() };
};

const ENGINES: readonly (readonly [string, 'packets' | 'requests', () => Promise<Case>, string[]])[] = [
  ['nft', 'packets', () => firewall('nft', (s) => new NftEngine(s.machine, delivery)), ['nft']],
  [
    'iptables',
    'packets',
    () => firewall('iptables', (s) => new IptablesEngine(s.machine, delivery)),
    ['iptables', 'ipset'],
  ],
  ['nginx', 'requests', () => proxy('nginx'), ['nginx']],
  ['haproxy', 'requests', () => proxy('haproxy'), ['haproxy']],
];
const HERE = ENGINES.filter(([, , , programs]) => whyNoLab(['ip', ...programs]) === null);

// what a proxy does with a request it does with no packet: other ports, UDP and rules of the firewall are none of its
describe.skipIf(HERE.length === 0).each(HERE)('the engine %s', (_, deals, at) => {
  let site: Site;
  let engine: Engine;
  let make: () => Engine;
  beforeAll(async () => {
    ({ site, make } = await at());
  });
  afterAll(() => site.remove());
  beforeEach(async () => {
    engine = make();
    expect(await engine.prepare()).toEqual([]);
  });
  afterEach(async () => expect(await engine.remove()).toEqual([]));
  const block = async (text: string, more: Partial<Decision> = {}): Promise<void> =>
    expect(await engine.block(decision(text, more), Date.now())).toEqual([]);
  const seen = async (from: string, ...ports: number[]): Promise<readonly string[]> =>
    Promise.all(ports.map((p) => site.visit(from, p)));

  it.each([
    ['10.77.0.2', '10.77.1.2'],
    ['fd77::2', 'fd77:0:0:1::2'],
  ])("leads %s to the page, on the site's ports alone, and nobody else", async (abuser, other) => {
    expect(await seen(abuser, 80, 443, 22)).toEqual(['site', 'site', 'other']);
    await block(abuser);
    expect(await seen(abuser, 80, 443, 22)).toEqual(['page', 'page', 'other']);
    expect(await seen(other, 80, 443, 22)).toEqual(['site', 'site', 'other']);
    expect(await engine.lift(prefix(abuser))).toEqual([]);
    expect(await seen(abuser, 80, 443)).toEqual(['site', 'site']);
    expect(await engine.lift(prefix(abuser))).toEqual([]);
  });
  it('keeps the page from everybody who was not led there', async () => {
    expect(await seen('10.77.0.2', 18080, 18443)).toEqual(['ECONNREFUSED', 'ECONNREFUSED']);
  });
  if (deals === 'requests')
    it.each(['10.77.0.2', 'fd77::2'])('answers the next request of %s on a connection that is open', async (abuser) => {
      expect(await site.hold(abuser, 80, () => block(abuser))).toBe('page');
      expect(await site.hold('10.77.1.2', 80, () => block('10.77.0.9'))).toBe('site');
    });
  if (deals === 'packets')
    it.each(['10.77.0.2', 'fd77::2'])('ends the connections that %s has open, and no others', async (abuser) => {
      expect(await site.hold(abuser, 80, () => block(abuser))).toBe('ECONNRESET');
      expect(await site.hold('10.77.1.2', 80, () => block('10.77.0.9'))).toBe('site');
    });
  if (deals === 'packets')
    it('refuses HTTP/3, so that browsers take TCP', async () => {
      expect(await site.send('10.77.0.2', 443)).toBe('udp');
      await block('10.77.0.2');
      expect(await site.send('10.77.0.2', 443)).toBe('ECONNREFUSED');
    });
  it('knows prefixes of any length, and lifts one without the others', async () => {
    await block('10.77.0.0/24');
    await block('10.77.0.0/23');
    await block('10.77.0.2/32');
    await block('fd77:0:0:1::/64');
    expect(await seen('10.77.0.2', 80)).toEqual(['page']);
    expect(await seen('10.77.1.2', 80)).toEqual(['page']);
    expect(await seen('fd77:0:0:1::2', 80)).toEqual(['page']);
    expect(await seen('fd77::2', 80)).toEqual(['site']);
    await engine.lift(prefix('10.77.0.0/23'));
    expect(await seen('10.77.1.2', 80)).toEqual(['site']);
    expect(await seen('10.77.0.2', 80)).toEqual(['page']);
    await engine.lift(prefix('10.77.0.2/32'));
    expect(await seen('10.77.0.2', 80)).toEqual(['page']);
    await engine.lift(prefix('10.77.0.0/24'));
    expect(await seen('10.77.0.2', 80)).toEqual(['site']);
  });
  it('leads nobody to the page who is allowed', async () => {
    await block('10.77.0.0/16');
    await block('fd77::/48');
    expect(await seen('10.77.0.3', 80, 443)).toEqual(['site', 'site']);
    expect(await seen('fd77::3', 80, 443)).toEqual(['site', 'site']);
    expect(await seen('10.77.0.2', 80)).toEqual(['page']);
  });
  it('lets others pass instead, when others are allowed while it runs', async () => {
    await block('10.77.0.0/16');
    await block('fd77::/48');
    expect(await engine.allow([prefix('10.77.0.2'), prefix('fd77::2')])).toEqual([]);
    await until(async () => [...(await seen('10.77.0.2', 80)), ...(await seen('fd77::2', 80))].join(), 'site,site');
    expect(await seen('10.77.0.3', 80)).toEqual(['page']);
    expect(await seen('fd77::3', 80)).toEqual(['page']);
    expect(await engine.allow([])).toEqual([]);
    await until(async () => (await seen('10.77.0.2', 80)).join(), 'page');
    expect(await seen('fd77::2', 80)).toEqual(['page']);
  });
  /** A proxy that was told a moment ago is told again a moment later. */
  async function until(ask: () => Promise<string>, wanted: string): Promise<void> {
    await expect.poll(ask, { timeout: 4000 }).toBe(wanted);
  }
  it('ends a decision when its time is over, and takes a later or an earlier end', async () => {
    const in_ = (ms: number): Partial<Decision> => ({ until: Date.now() + ms });
    await block('10.77.0.2', in_(3000));
    await block('10.77.1.2', in_(3000));
    await block('10.77.1.2', in_(60_000));
    await block('fd77::2', in_(60_000));
    await block('fd77::2', in_(3000));
    expect(await Promise.all([site.visit('10.77.0.2', 80), site.visit('fd77::2', 80)])).toEqual(['page', 'page']);
    // ipset counts whole seconds
    await site.machine.sleep(4500);
    expect(await seen('10.77.0.2', 80)).toEqual(['site']);
    expect(await seen('10.77.1.2', 80)).toEqual(['page']);
    expect(await seen('fd77::2', 80)).toEqual(['site']);
  });
  if (deals === 'packets')
    it.each([
      ['reset', 'ECONNREFUSED'],
      ['prohibit', 'EHOSTUNREACH'],
      ['drop', 'timeout'],
    ] as const)('does with the rest of the traffic as it was told: %s', async (rest, fate) => {
      await block('10.77.0.2', { rest });
      expect(await seen('10.77.0.2', 80, 22)).toEqual(['page', fate]);
      expect(await seen('10.77.1.2', 80, 22)).toEqual(['site', 'other']);
      await block('10.77.0.2');
      expect(await seen('10.77.0.2', 80, 22)).toEqual(['page', 'other']);
    });
  it('takes many at once, and forgets what is over', async () => {
    const now = Date.now();
    const many = Array.from({ length: 12_000 }, (_x, i) =>
      decision(`10.${78 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}`, { until: now + 60_000 }),
    );
    expect(await engine.load([...many, decision('10.77.0.2'), decision('10.77.1.2', { until: now - 1 })], now)).toEqual(
      [],
    );
    expect(await seen('10.77.0.2', 80)).toEqual(['page']);
    expect(await seen('10.77.1.2', 80)).toEqual(['site']);
  });
  it('says when its rules are gone', async () => {
    await block('10.77.0.2');
    expect(await engine.verify()).toEqual([]);
    await engine.remove();
    expect(await engine.verify()).toMatchObject([{ code: 'rules-differ' }]);
  });
  if (deals === 'packets')
    it('finds its sets again when it was started anew', async () => {
      await block('10.77.0.0/24', { rest: 'drop' });
      const second = make();
      expect(await second.lift(prefix('10.77.0.0/24'))).toEqual([]);
      expect(await seen('10.77.0.2', 80, 22)).toEqual(['site', 'other']);
    });
  if (deals === 'packets')
    it('touches no rule of others', async () => {
      const own = 'table inet mine {\n\tchain c {\n\t\ttcp dport 80 accept\n\t}\n}\n';
      await site.machine.run(['nft', '-f', '-'], { stdin: own });
      await engine.prepare();
      await block('10.77.0.2');
      await engine.remove();
      const left = (await site.machine.run(['nft', 'list', 'ruleset'])).stdout;
      expect(left).toContain(own);
      // iptables leaves its own chains, empty
      expect(left.replace(own, '')).not.toMatch(/waymark| (accept|drop|reject|jump|redirect)\b(?!;)/i);
      expect((await site.machine.run(['ipset', 'list', '-n'])).stdout).toBe('');
      await site.machine.run(['nft', 'delete', 'table', 'inet', 'mine']);
    });
});
