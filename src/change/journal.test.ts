import { describe, expect, it } from 'vitest';
import { fakeMachine } from '../host/index.ts';
import { failure } from '../ip/index.ts';
import { Journal, type NewChange } from './journal.ts';
import { readRouteText } from './route-key.ts';

const route = readRouteText('10.67.0.0/16 via 192.168.120.254 dev eth0');
const change = (asked: string, confirm: number | null = null): NewChange => ({
  at: 0, by: 'root', asked, boot: 'b', confirm, before: [], after: [route], files: [],
}); // prettier-ignore

/** A journal after so many changes, each with its end and its watchdog. */
async function filled(count: number, waiting: readonly number[]) {
  const machine = fakeMachine({});
  const journal = new Journal(machine, '/j');
  for (let n = 1; n <= count; n++) {
    const begun = await journal.begin(change(`change ${n}`, 60));
    expect(begun).toMatchObject({ ok: true, value: { id: n } });
    await journal.armed(n);
    if (!waiting.includes(n)) await journal.finish(n, n % 2 === 0 ? 'back' : 'confirmed');
  }
  const names = await machine.list('/j');
  return { machine, journal, names: names.ok ? names.value : [] };
}

describe('the journal of changes', () => {
  it('keeps the last 200, with what became of them', async () => {
    const { journal, names } = await filled(205, []);
    const all = await journal.all();
    expect(all.map((c) => c.id)).toEqual(Array.from({ length: 200 }, (_, i) => i + 6));
    expect(all.at(0)).toMatchObject({ id: 6, asked: 'change 6', end: 'back', after: [route] });
    expect(names.filter((n) => /^[1-5]\./.test(n))).toEqual([]);
    expect(names).toHaveLength(600);
  });

  it('never forgets one that waits to be confirmed, and lets it be taken back', async () => {
    const { journal } = await filled(203, [1, 3]);
    expect((await journal.all()).map((c) => c.id).slice(0, 3)).toEqual([1, 3, 4]);
    expect(await journal.finish(1, 'back')).toMatchObject({ ok: true });
    await journal.begin(change('one more'));
    expect((await journal.all()).map((c) => c.id).slice(0, 2)).toEqual([3, 5]);
  });

  it('forgets at once what grew too much, and never gives a number again', async () => {
    const { machine, journal } = await filled(1, []);
    const [first] = await journal.all();
    for (let id = 2; id <= 400; id++) {
      const made = await machine.readFile('/j/1.json');
      await machine.createFile(`/j/${id}.json`, made.ok ? made.value : '');
    }
    expect(first).toBeDefined();
    // these wait: they were never ended
    await journal.begin(change('first after'));
    expect(await journal.all()).toHaveLength(400);
    for (let id = 2; id <= 400; id++) await journal.finish(id, 'confirmed');
    expect(await journal.begin(change('second after'))).toMatchObject({ value: { id: 402 } });
    expect((await journal.all()).map((c) => c.id).at(0)).toBe(203);
    expect(await journal.all()).toHaveLength(200);
  });

  it('makes a change also where nothing can be removed', async () => {
    const { machine } = await filled(200, []);
    machine.remove = () => Promise.resolve(failure('file-missing', 'a read-only disk'));
    const journal = new Journal(machine, '/j');
    expect(await journal.begin(change('on'))).toMatchObject({ ok: true });
    expect(await journal.all()).toHaveLength(201);
  });
});
