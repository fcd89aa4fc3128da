import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DecisionStore, Guard, NftEngine, type Decision, type Engine, type GuardEvent } from '../../src/guard/index.ts';
import { fakeMachine, linuxMachine } from '../../src/host/index.ts';
import { formatPrefix, type Diagnostic, type Prefix } from '../../src/ip/index.ts';
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
    const soon = Date.now() + 5000;
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

/** An engine that keeps ends for a second at the most, and what it was asked for. */
function rememberingEngine(): { engine: Engine; asked: string[]; isFlushed: boolean } {
  const asked: string[] = [];
  const done = (what: string) => () => Promise.resolve(void asked.push(what)).then(() => []);
  const state = {
    asked,
    isFlushed: false,
    engine: {
      longestMs: 100_000,
      prepare: done('prepare'),
      load: (all: Iterable<Decision>) => done(`load ${[...all].map((d) => formatPrefix(d.prefix)).join(' ')}`.trim())(),
      block: (d: Decision) => done(`block ${formatPrefix(d.prefix)}`)(),
      lift: (p: Prefix) => done(`lift ${formatPrefix(p)}`)(),
      verify: () => {
        const fault = { code: 'rules-differ', severity: 'error', message: 'gone' } as const;
        return Promise.resolve(state.isFlushed ? [fault] : []);
      },
      remove: done('remove'),
      lead: done('lead'),
      allow: done('allow'),
    },
  };
  return state;
}

describe('a guard that goes on', () => {
  async function start() {
    // the lock is another process's business
    const machine = { ...fakeMachine({ now: new Date(0) }), spawn: lockHolder };
    const opened = await DecisionStore.open(machine, '/var/lib/waymark');
    const kept = rememberingEngine();
    const events: string[] = [];
    const tell = (event: GuardEvent): void => {
      if (event.kind !== 'enforced') events.push(event.kind);
    };
    const guard = new Guard({ machine, store: opened.value!, engine: kept.engine, tell });
    await guard.start();
    kept.asked.length = 0;
    const later = async (ms: number): Promise<readonly string[]> => {
      await machine.sleep(ms);
      kept.asked.length = 0;
      await guard.tend();
      return kept.asked;
    };
    return { machine, guard, kept, events, later };
  }

  it('lets go of what ended, and renews what the kernel can not keep to its end', async () => {
    const { guard, events, later } = await start();
    await guard.block(decision('10.77.0.2/32', { until: 30_000 }));
    await guard.block(decision('10.77.0.3/32', { until: 250_000 }));
    await guard.block(decision('10.77.0.4/32', { until: null }));
    expect(await later(20_000)).toEqual([]);
    expect((await guard.status()).status.decisions).toBe(3);
    expect(await later(20_000)).toEqual([]);
    expect((await guard.status()).status.decisions).toBe(2);
    expect(events).toEqual(['blocked', 'blocked', 'blocked', 'ended']);
    expect(await later(15_000)).toEqual(['load 10.77.0.3/32']);
    expect(await later(1000)).toEqual([]);
    for (let i = 0; i < 2; i++) expect(await later(50_000)).toEqual(['load 10.77.0.3/32']);
    // the end is near enough for the kernel now
    for (let i = 0; i < 2; i++) expect(await later(50_000)).toEqual([]);
    expect((await guard.status()).status.decisions).toBe(1);
  });
  it('puts rules back that somebody flushed', async () => {
    const { guard, kept, events, later } = await start();
    await guard.block(decision('10.77.0.2/32', { until: null }));
    expect(await later(59_000)).not.toContain('prepare');
    kept.isFlushed = true;
    expect(await later(2000)).toEqual(['prepare', 'load 10.77.0.2/32']);
    await guard.lead([]);
    expect(await later(61_000)).toEqual(['prepare', 'load 10.77.0.2/32', 'lead']);
    kept.isFlushed = false;
    expect(await later(61_000)).not.toContain('prepare');
    expect(events).toEqual(['blocked', 'repaired', 'repaired']);
  });
  it('lifts what is not on the disk yet, and finds decisions by their reference', async () => {
    const { guard } = await start();
    const one = decision('10.77.0.2/32', { reference: 'K7P-4QD', until: null });
    const [, lifted] = await Promise.all([guard.block(one), guard.lift(one.prefix, 'me')]);
    expect(lifted.decisions).toHaveLength(1);
    expect((await guard.status()).status.decisions).toBe(0);
    await guard.blockAll([one, decision('10.77.0.3/32', { reference: 'B22-222', until: null })]);
    expect(guard.withReference('K7P-4QD').map((d) => formatPrefix(d.prefix))).toEqual(['10.77.0.2/32']);
    expect(guard.withReference('none')).toEqual([]);
  });
});

const lockHolder = () => ({
  pid: 1,
  output: () => 'held',
  stop: () => undefined,
  ended: new Promise<never>(() => undefined),
});

/** An engine over a map, which refuses when it is asked to, and takes a moment for each. */
function refusingEngine(refuses: () => boolean): { engine: Engine; kernel: Map<string, number | null> } {
  const kernel = new Map<string, number | null>();
  const fault = { code: 'command-failed', severity: 'error', message: 'no space' } as const;
  const change = async (work: () => void): Promise<readonly Diagnostic[]> => {
    await new Promise((done) => setImmediate(done));
    if (refuses()) return [fault];
    work();
    return [];
  };
  const put = (d: Decision): void => void kernel.set(formatPrefix(d.prefix), d.until);
  const { engine } = rememberingEngine();
  return {
    kernel,
    engine: {
      ...engine,
      block: (d) => change(() => put(d)),
      load: (all) => change(() => [...all].forEach(put)),
      lift: (p) => change(() => kernel.delete(formatPrefix(p))),
    },
  };
}

describe('a guard whose kernel refuses', () => {
  const folder = join(base, 'refused');
  const listed = (store: DecisionStore): readonly string[] =>
    [...store.book.all(Date.now())].map((d) => `${formatPrefix(d.prefix)} ${d.until}`);

  it('keeps what the kernel has, and nothing else', async () => {
    const machine = linuxMachine();
    const opened = await DecisionStore.open(machine, folder);
    let refuses = false;
    const fault = { code: 'command-failed', severity: 'error', message: 'no space' } as const;
    const { engine, kernel } = refusingEngine(() => refuses);
    const guard = new Guard({ machine, store: opened.value!, engine });
    const soon = Date.now() + 60_000;
    await guard.block(decision('10.0.0.1/32', { until: soon }));
    const before = [`10.0.0.1/32 ${soon}`];
    refuses = true;
    const later = decision('10.0.0.1/32', { until: soon + 1000 });
    expect(await guard.block(later)).toEqual({ decisions: [], diagnostics: [fault] });
    expect(await guard.blockAll([later, decision('10.0.0.2/32')])).toEqual({ decisions: [], diagnostics: [fault] });
    expect(await guard.lift(later.prefix, 'me')).toEqual({ decisions: [], diagnostics: [fault] });
    expect(listed(opened.value!)).toEqual(before);
    expect([...kernel].map((e) => e.join(' '))).toEqual(before);
    await opened.value!.close();
    const again = await DecisionStore.open(machine, folder);
    expect(listed(again.value!)).toEqual(before);
    await again.value!.close();
  });

  const steps = fc.array(
    fc.record({
      verb: fc.constantFrom('block', 'list', 'lift'),
      which: fc.nat(2),
      seconds: fc.integer({ min: 1, max: 5 }),
      refused: fc.boolean(),
      alone: fc.boolean(),
    }),
    { maxLength: 12 },
  );
  it('says what the store says, however changes of one prefix meet', async () => {
    let round = 0;
    await fc.assert(
      fc.asyncProperty(steps, async (asked) => {
        const machine = linuxMachine();
        const mine = `${folder}-${round++}`;
        const opened = await DecisionStore.open(machine, mine);
        const refusals = asked.map((a) => a.refused);
        let spared = 0;
        const { engine, kernel } = refusingEngine(() => {
          // what it had before a list that it refused, it takes again
          if (spared-- > 0) return false;
          const isRefused = refusals.shift() ?? false;
          if (isRefused) spared = 2;
          return isRefused;
        });
        const guard = new Guard({ machine, store: opened.value!, engine });
        const begin = Date.now() + 60_000;
        const open: Promise<unknown>[] = [];
        for (const { verb, which, seconds, alone } of asked) {
          const one = decision(`10.0.0.${which}/32`, { until: begin + seconds * 1000 });
          const other = decision('10.0.0.1/32', { until: begin + 9000 });
          if (verb === 'block') open.push(guard.block(one));
          else if (verb === 'list') open.push(guard.blockAll([one, other]));
          else open.push(guard.lift(one.prefix, 'me'));
          if (alone) await Promise.all(open);
        }
        await Promise.all(open);
        const kept = listed(opened.value!).toSorted();
        expect([...kernel].map((e) => e.join(' ')).toSorted()).toEqual(kept);
        await opened.value!.close();
        const again = await DecisionStore.open(machine, mine);
        expect(listed(again.value!).toSorted()).toEqual(kept);
        await again.value!.close();
      }),
      { numRuns: 60 },
    );
  });
});
