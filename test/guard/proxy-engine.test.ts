import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Engine, ProxyPlan } from '../../src/guard/index.ts';
import { whyNoLab } from '../support/lab-available.ts';
import { decision, prefix } from './decisions.ts';
import { makeProxySite, type Proxy, type ProxySite } from './proxy-site.ts';
import { SITE } from './site.ts';

const HERE = (['nginx', 'haproxy'] as const).filter((proxy) => whyNoLab(['ip', proxy]) === null);

/** Sends a request as it is, and gives the body of the answer. */
const RAW = `
const [from, to, port, text] = process.argv.slice(1);
let said = '';
const s = require('node:net').connect({ host: to, port, localAddress: from });
s.on('data', (d) => (said += d)).on('close', () => console.log(said.split('\\r\\n\\r\\n').slice(1).join(''))).on('error', (e) => console.log(e.code));
s.write(text);
setTimeout(() => s.destroy(), 1500);
`;

describe.skipIf(HERE.length === 0).each(HERE)('behind proxies, %s', (name: Proxy) => {
  let site: ProxySite;
  let engine: Engine | undefined;
  beforeAll(async () => {
    site = await makeProxySite(name);
  });
  afterAll(() => site.remove());
  afterEach(async () => {
    await engine?.remove();
    engine = undefined;
  });
  async function started(plan: Partial<ProxyPlan> = {}, gapMs = 0): Promise<Engine> {
    engine = site.engine({ plan, gapMs });
    expect((await engine.prepare()).filter((d) => d.severity === 'error')).toEqual([]);
    expect(await engine.load([], Date.now())).toEqual([]);
    return engine;
  }
  async function ask(from: string, headers: string, { port = 80, before = '', body = '' } = {}): Promise<string> {
    const text = `${before}POST /a?b HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${body.length}\r\n${headers}\r\n${body}`;
    const to = from.includes(':') ? SITE[6] : SITE[4];
    const argv = ['ip', 'netns', 'exec', site.namespaces.visitors, process.execPath, '-e', RAW, from, to, String(port)];
    // it runs where the site is; `ip netns exec` leads elsewhere from there too
    const said = (await site.machine.run([...argv, text])).stdout;
    return said.replaceAll('::ffff:', '');
  }

  it('tells the page who comes, how and for what; nobody else can', async () => {
    await (await started()).block(decision('10.77.0.2'), Date.now());
    expect(await ask('10.77.0.2', 'X-Waymark-Address: 1.2.3.4\r\n', { body: 'hello' })).toContain(
      'page 10.77.0.2 POST /a?b hello',
    );
    expect(await ask('10.77.1.2', 'X-Waymark-Address: 10.77.0.2\r\n')).toContain('site 10.77.1.2');
  });
  it('believes X-Forwarded-For of trusted proxies alone, however many stand in a row', async () => {
    const trusted = ['10.77.1.2', '10.77.0.3', 'fd77::3'].map(prefix);
    const one = await started({ addressFrom: 'x-forwarded-for', trusted });
    if (name === 'nginx') await one.block(decision('203.0.113.9'), Date.now());
    await one.block(decision('192.0.2.7'), Date.now());
    await one.block(decision('2001:db8::7'), Date.now());
    expect(await ask('10.77.1.2', 'X-Forwarded-For: 192.0.2.7\r\n')).toContain('page 192.0.2.7');
    expect(await ask('fd77::3', 'X-Forwarded-For: 2001:db8::7\r\n')).toContain('page 2001:db8::7');
    expect(await ask('10.77.1.2', 'X-Forwarded-For: 198.51.100.1, 192.0.2.7, 10.77.0.3\r\n')).toContain(
      'page 192.0.2.7',
    );
    expect(await ask('10.77.1.2', 'X-Forwarded-For: 192.0.2.7, 198.51.100.1\r\n')).toContain('site 198.51.100.1');
    expect(await ask('10.77.0.2', 'X-Forwarded-For: 192.0.2.7\r\n')).toContain('site 10.77.0.2');
    expect(await ask('10.77.1.2', '')).toContain('site 10.77.1.2');
  });
  it('takes the address of the PROXY protocol', async () => {
    const plan = { addressFrom: 'proxy-protocol', trusted: [prefix('10.77.1.2')] } as const;
    await (await started(plan)).block(decision('192.0.2.7'), Date.now());
    const through = (visitor: string): Promise<string> =>
      ask('10.77.1.2', '', { port: 81, before: `PROXY TCP4 ${visitor} 10.77.0.1 4000 81\r\n` });
    expect(await through('192.0.2.7')).toContain('page 192.0.2.7');
    expect(await through('192.0.2.8')).toContain('site 192.0.2.8');
  });
  it('starts again with what was decided', async () => {
    await (await started()).block(decision('10.77.0.2'), Date.now());
    // a list that is written now and then has been written by then
    await site.machine.sleep(600);
    await site.stopProxy();
    await site.startProxy();
    expect(await site.visit('10.77.0.2', 80)).toBe('page');
    await engine!.block(decision('10.77.1.2'), Date.now());
    await engine!.lift(prefix('10.77.0.2'));
    await expect.poll(() => site.visit('10.77.1.2', 80), { timeout: 5000 }).toBe('page');
    expect(await site.visit('10.77.0.2', 80)).toBe('site');
  });
  it('takes decisions while the proxy does not run', async () => {
    await started();
    await site.stopProxy();
    const said = await engine!.block(decision('10.77.0.2'), Date.now());
    expect(said.filter((d) => d.severity === 'error')).toEqual([]);
    await site.startProxy();
    expect(await site.visit('10.77.0.2', 80)).toBe('page');
  });

  if (name === 'haproxy')
    it('ends a block in time though the guard is gone, and starts anew from an old file', async () => {
      await (await started()).block(decision('10.77.0.2', { until: Date.now() + 6000 }), Date.now());
      // as if it was killed: the file and the map stay
      const file = `${site.folder}/blocked.map`;
      await expect.poll(() => readFileSync(file, 'utf8'), { timeout: 4000 }).toContain('10.77.0.2/32');
      const kept = readFileSync(file, 'utf8');
      await engine!.remove();
      engine = undefined;
      writeFileSync(file, kept);
      await site.stopProxy();
      await site.startProxy();
      expect(await site.visit('10.77.0.2', 80)).toBe('page');
      await expect.poll(() => site.visit('10.77.0.2', 80), { timeout: 8000 }).toBe('site');
      expect(readFileSync(file, 'utf8')).toContain('10.77.0.2/32');
      const again = await started();
      await again.block(decision('10.77.1.2'), Date.now());
      writeFileSync(file, '10.77.0.2/32 99999999999999\n');
      await site.stopProxy();
      await site.startProxy();
      await expect.poll(() => site.visit('10.77.0.2', 80), { timeout: 5000 }).toBe('site');
      await expect.poll(() => site.visit('10.77.1.2', 80), { timeout: 5000 }).toBe('page');
    });
  if (name === 'nginx')
    it('reloads once a second however much is changed', { timeout: 30_000 }, async () => {
      const paced = await started({}, 1000);
      await paced.block(decision('10.77.0.2'), Date.now());
      const reloads = (): number =>
        (readFileSync(`${site.folder}/../error`, 'utf8').match(/signal 1 \(SIGHUP\)/g) ?? []).length;
      const before = reloads();
      const start = Date.now();
      for (let i = 0; i < 2000; i++) await paced.block(decision(`10.78.${i >> 8}.${i & 255}`), Date.now());
      await paced.block(decision('10.77.1.2', { until: Date.now() + 4000 }), Date.now());
      await expect.poll(() => site.visit('10.77.1.2', 80), { timeout: 4000 }).toBe('page');
      await expect.poll(() => site.visit('10.77.1.2', 80), { timeout: 8000 }).toBe('site');
      expect(reloads() - before).toBeLessThanOrEqual((Date.now() - start) / 1000 + 1);
      expect(await paced.verify()).toEqual([]);
    });
  if (name === 'nginx')
    it('keeps the former list while the configuration is broken, says why, and mends itself', async () => {
      const one = await started();
      await one.block(decision('10.77.0.2'), Date.now());
      const whole = readFileSync(site.config, 'utf8');
      writeFileSync(site.config, `${whole}\nnonsense;\n`);
      expect(await one.block(decision('10.77.1.2'), Date.now())).toMatchObject([
        { code: 'command-failed', message: expect.stringContaining('unknown directive "nonsense"') },
      ]);
      expect(readFileSync(`${site.folder}/blocked.conf`, 'utf8')).not.toContain('10.77.1.2');
      expect(await site.visit('10.77.0.2', 80)).toBe('page');
      writeFileSync(site.config, whole);
      await one.verify();
      expect(await site.visit('10.77.1.2', 80)).toBe('page');
    });
  it('says which lines its configuration lacks', async () => {
    const whole = readFileSync(site.config, 'utf8');
    writeFileSync(site.config, whole.replace(/^.*(server\.conf|blocked\.map).*$/gm, ''));
    try {
      if (name === 'haproxy') {
        await site.stopProxy();
        await site.startProxy();
      }
      engine = site.engine();
      expect(await engine.prepare()).toMatchObject([{ code: 'rules-differ', severity: 'error' }]);
    } finally {
      writeFileSync(site.config, whole);
      await site.stopProxy();
      await site.startProxy();
    }
  });
});
