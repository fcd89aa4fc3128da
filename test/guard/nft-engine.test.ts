import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { NftEngine } from '../../src/guard/index.ts';
import { linuxMachine, type Machine, type Talk } from '../../src/host/index.ts';
import { whyNoLab } from '../support/lab-available.ts';
import { decision, delivery, prefix } from './decisions.ts';

const reason = whyNoLab(['ip', 'nft']);

describe.skipIf(reason !== null)('the engine of nft', () => {
  const host = linuxMachine();
  const namespace = `wm-${randomBytes(4).toString('hex')}-nft`;
  const inside = ['ip', 'netns', 'exec', namespace];
  const talks: Talk[] = [];
  let runs = 0;
  const machine: Machine = {
    ...host,
    run: (argv, options) => {
      runs++;
      return host.run([...inside, ...argv], options);
    },
    talk: (argv, options) => {
      const talk = host.talk([...inside, ...argv], options);
      talks.push(talk);
      return talk;
    },
  };
  let engine: NftEngine;
  beforeAll(() => host.run(['ip', 'netns', 'add', namespace]));
  afterAll(async () => {
    await engine.remove();
    await host.run(['ip', 'netns', 'del', namespace]);
  });
  beforeEach(async () => {
    engine = new NftEngine(machine, delivery);
    expect(await engine.prepare()).toEqual([]);
    talks.length = 0;
  });

  const block = (text: string): Promise<unknown> => engine.block(decision(text), Date.now());
  async function elements(set = 'page4_32'): Promise<readonly string[]> {
    const listed = await machine.run(['nft', 'list', 'set', 'inet', 'waymark', set]);
    const inner = /elements = \{([^}]*)\}/.exec(listed.stdout)?.[1] ?? '';
    return inner
      .split(',')
      .flatMap((e) => e.trim().split(' ')[0] || [])
      .sort();
  }

  it('changes elements without a process for each, through one that is renewed', { timeout: 60_000 }, async () => {
    await block('10.0.0.1');
    const before = runs;
    for (let i = 0; i < 510; i++) expect(await block(`10.0.0.${i % 100}`)).toEqual([]);
    for (let i = 1; i < 100; i++) expect(await engine.lift(prefix(`10.0.0.${i}`))).toEqual([]);
    expect(runs).toBe(before);
    expect(talks.length).toBe(2);
    expect(await elements()).toEqual(['10.0.0.0']);
  });
  it('survives that its nft is killed, at rest or at work', async () => {
    await block('10.0.0.1');
    process.kill(talks.at(-1)!.pid, 'SIGKILL');
    expect(await block('10.0.0.2')).toEqual([]);
    expect(await block('10.0.0.3')).toEqual([]);
    const asked = Array.from({ length: 40 }, (_, i) => block(`10.0.1.${i}`));
    process.kill(talks.at(-1)!.pid, 'SIGKILL');
    expect((await Promise.all(asked)).flat()).toEqual([]);
    expect(await engine.verify()).toEqual([]);
    expect((await elements()).length).toBe(43);
    expect(talks.length).toBeGreaterThan(1);
  });
  it('says what the kernel refused, of each change alone', async () => {
    await block('10.0.0.1');
    await machine.run(['nft', 'delete', 'table', 'inet', 'waymark']);
    expect(await block('10.0.0.2')).toMatchObject([{ code: 'command-failed' }]);
    await engine.prepare();
    expect(await block('10.0.0.3')).toEqual([]);
    expect(await block('10.0.0.4')).toEqual([]);
  });
  it('leaves a slice out as a whole, and says how long it was', async () => {
    await block('10.0.0.1');
    await machine.run(['nft', 'flush', 'chain', 'inet', 'waymark', 'new']);
    await machine.run(['nft', 'flush', 'chain', 'inet', 'waymark', 'open']);
    const small =
      'delete set inet waymark page4_32\nadd set inet waymark page4_32 { type ipv4_addr; size 3; flags timeout; }';
    expect(await machine.run(['nft', '-f', '-'], { stdin: `${small}\n` })).toMatchObject({ code: 0 });
    const four = [1, 2, 3, 4].map((i) => decision(`10.0.0.${i}`));
    const [fault] = await engine.load(four, Date.now());
    expect(fault!.message).toMatch(/none of 4 entries/);
    expect(fault!.message.length).toBeLessThan(400);
    expect(await elements()).toEqual([]);
  });
  it.each([1, 1000, 27, 36, 24 * 365 * 100])('keeps a decision for %i hours, to the second', async (hours) => {
    const now = Date.now();
    const ended = decision('10.0.0.1', { until: now + hours * 3_600_000 });
    expect([...(await engine.load([ended], now)), ...(await engine.block(ended, now))]).toEqual([]);
    const listed = await machine.run(['nft', '-j', 'list', 'set', 'inet', 'waymark', 'page4_32']);
    expect(listed.stdout).toMatch(new RegExp(`"timeout": ${hours * 3600}\\b`));
  });
  it('finds its table among others, without asking for elements', async () => {
    await machine.run(['nft', '-f', '-'], {
      stdin: 'table inet waymark-other {\n\tset page4_9 { type ipv4_addr; }\n}\n',
    });
    await block('10.0.0.0/9');
    expect(await engine.verify()).toEqual([]);
    expect((await elements('page4_9')).length).toBe(1);
    expect(host.transcript.map((t) => t.argv.join(' ')).filter((c) => /list (table|tables) /.test(c))).toEqual([]);
    await machine.run(['nft', 'delete', 'table', 'inet', 'waymark-other']);
  });
});
