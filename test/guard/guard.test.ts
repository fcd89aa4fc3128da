import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DecisionStore, Guard, NftEngine } from '../../src/guard/index.ts';
import { whyNoLab } from '../support/lab-available.ts';
import { decision, delivery, prefix } from './decisions.ts';
import { makeSite, type Site } from './site.ts';

const reason = whyNoLab(['ip', 'nft', 'setpriv', 'flock']);
const base = mkdtempSync(join(tmpdir(), 'waymark-guard-'));
afterAll(() => rmSync(base, { recursive: true }));

describe.skipIf(reason !== null)('a guard', () => {
  let site: Site;
  beforeAll(async () => {
    site = await makeSite();
  });
  afterAll(() => site.remove());

  async function start(folder: string): Promise<{ guard: Guard; store: DecisionStore }> {
    const opened = await DecisionStore.open(site.machine, folder);
    expect(opened.diagnostics).toEqual([]);
    const store = opened.value!;
    const guard = new Guard({ machine: site.machine, store, engine: new NftEngine(site.machine, delivery) });
    expect(await guard.start()).toEqual([]);
    return { guard, store };
  }
  const seen = (...from: string[]): Promise<string[]> => Promise.all(from.map((f) => site.visit(f, 80)));

  it('starts with what was decided before, and with the time that is left of it', async () => {
    const folder = join(base, 'again');
    const first = await start(folder);
    const soon = Date.now() + 2500;
    expect((await first.guard.block(decision('10.77.0.2/32', { until: soon }))).diagnostics).toEqual([]);
    await first.guard.block(decision('10.77.1.2/32'));
    await first.guard.block(decision('fd77::2/128'));
    expect(await first.guard.lift(prefix('fd77::2/128'), 'me')).toMatchObject({ decisions: [{ by: 'test' }] });
    expect(await first.guard.lift(prefix('fd77::2/128'), 'me')).toEqual({ decisions: [], diagnostics: [] });
    await first.store.close();
    await site.machine.run(['nft', 'flush', 'ruleset']);
    expect(await seen('10.77.1.2')).toEqual(['site']);
    const second = await start(folder);
    expect(await seen('10.77.0.2', '10.77.1.2', 'fd77::2')).toEqual(['page', 'page', 'site']);
    await site.machine.sleep(Math.max(0, soon - Date.now()) + 100);
    expect(await seen('10.77.0.2', '10.77.1.2')).toEqual(['site', 'page']);
    await second.store.close();
  });
  it('tells the kernel in the order in which it decided', async () => {
    const { guard, store } = await start(join(base, 'order'));
    const one = prefix('10.77.0.2/32');
    const asked = Array.from({ length: 30 }, (_, i) =>
      i % 2 === 0 ? guard.block(decision('10.77.0.2/32')) : guard.lift(one, 'me'),
    );
    expect((await Promise.all(asked)).flatMap((a) => a.diagnostics)).toEqual([]);
    expect(await seen('10.77.0.2')).toEqual([store.book.get(one, Date.now()) ? 'page' : 'site']);
    await store.close();
  });
});
