import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { linuxMachine, type Machine } from '../../host/index.ts';
import { parseAddress, parsePrefix, type Address } from '../../ip/index.ts';
import type { Decision } from '../decide/decision.ts';
import { cleanForm } from './appeal.ts';
import { APPEAL_LIMITS } from './appeal-limits.ts';
import { AppealStore, MOST_APPEALS } from './appeal-store.ts';

const base = mkdtempSync(join(tmpdir(), 'waymark-appeals-'));
afterAll(() => rmSync(base, { recursive: true }));
let hours = 0;
const machine: Machine = { ...linuxMachine(), now: () => new Date(Date.UTC(2026, 10, 22) + hours * 3_600_000) };
const open: AppealStore[] = [];
afterEach(async () => {
  for (const store of open.splice(0)) await store.close();
});

const address = (text: string): Address => {
  const read = parseAddress(text);
  if (!read.ok) throw new Error(text);
  return read.value;
};
function blockOf(text: string): Decision {
  const prefix = parsePrefix(text);
  if (!prefix.ok) throw new Error(text);
  const words = { reason: 'test', reference: 'K7P-4QD', by: 'me', evidence: [], rest: 'through' } as const;
  return { prefix: prefix.value, since: 0, until: null, ...words };
}
const form = { message: 'It was not me', contact: 'me@example.org' };
const block = blockOf('192.0.2.0/24');

async function opened(name: string): Promise<AppealStore> {
  const { value, diagnostics } = await AppealStore.open(machine, join(base, name));
  expect(diagnostics).toEqual([]);
  open.push(value!);
  return value!;
}
async function again(store: AppealStore, name: string): Promise<AppealStore> {
  open.splice(open.indexOf(store), 1);
  await store.close();
  return opened(name);
}
async function take(store: AppealStore, from: string, about = block): Promise<number | null> {
  const taken = await store.take(form, address(from), about);
  if (!taken.ok) throw new Error(taken.message);
  return taken.value?.id ?? null;
}

describe('appeals', () => {
  it('are kept, answered and removed, for good; a number is given once', async () => {
    let store = await opened('kept');
    expect([await take(store, '192.0.2.1'), await take(store, '192.0.2.2'), await take(store, '192.0.2.3')]).toEqual([
      1, 2, 3,
    ]);
    expect(await store.answer([1, 9], 'eva')).toMatchObject({ value: [{ id: 1 }] });
    expect(await store.answer([1], 'eva')).toMatchObject({ value: [] });
    expect(await store.remove([3, 3])).toMatchObject({ value: [{ id: 3 }] });
    store = await again(store, 'kept');
    expect(store.all()).toMatchObject([
      { id: 1, address: '192.0.2.1', reference: 'K7P-4QD', ...form, answered: { by: 'eva' } },
      { id: 2, prefix: '192.0.2.0/24', answered: null },
    ]);
    expect(await take(store, '192.0.2.3')).toBe(4);
  });
  it('of one visitor are few: an address, or the /64 of it', async () => {
    const store = await opened('few');
    const ids = [];
    for (let i = 1; i <= 4; i++) ids.push(await take(store, '192.0.2.1'), await take(store, `2001:db8::${i}`));
    expect(ids).toEqual([1, 2, 3, 4, 5, 6, null, null]);
    expect(await take(store, '2001:db8:0:1::1')).toBe(7);
    hours += 25;
    expect(await take(store, '192.0.2.1')).toBe(8);
  });
  it('about one block are bounded, and all of them; also after a restart', async () => {
    let store = await opened('bounded');
    const ids: (number | null)[] = [];
    for (let i = 0; i < APPEAL_LIMITS.decision + 1; i++) ids.push(await take(store, `192.0.2.${i}`));
    expect(ids.at(-2)).toBe(APPEAL_LIMITS.decision);
    expect(ids.at(-1)).toBeNull();
    store = await again(store, 'bounded');
    expect(await take(store, '192.0.2.200')).toBeNull();
    for (let i = APPEAL_LIMITS.decision; i < APPEAL_LIMITS.all; i++)
      expect(await take(store, `198.51.100.${i}`, blockOf(`198.51.100.${i}`))).toBe(i + 1);
    expect(await take(store, '203.0.113.1', blockOf('203.0.113.1'))).toBeNull();
    hours += 2;
    expect(await take(store, '203.0.113.1', blockOf('203.0.113.1'))).not.toBeNull();
  });
  it('end at a thousand, however many come; then answered ones give way', { timeout: 60_000 }, async () => {
    const store = await opened('thousand');
    const long = cleanForm({ message: '\u20ac'.repeat(2000), contact: 'x'.repeat(200) })!;
    let taken = 0;
    for (let i = 0; i < 3000; i++) {
      if (i % 100 === 0) hours += 2;
      const from = `10.${i >> 8}.${i & 255}.1`;
      const kept = await store.take(long, address(from), blockOf(from));
      if (kept.ok && kept.value) taken++;
    }
    expect(taken).toBe(MOST_APPEALS);
    expect(store.all()).toHaveLength(MOST_APPEALS);
    hours += 2;
    expect(await take(store, '192.0.2.1')).toBeNull();
    await store.answer([5], 'me');
    expect(await take(store, '192.0.2.1')).toBe(MOST_APPEALS + 1);
    expect(store.all().some((a) => a.id === 5)).toBe(false);
    // 6200 bytes each, and 200 lines that count no more
    expect(statSync(join(base, 'thousand', 'appeals.journal')).size).toBeLessThan(1200 * 6400);
    await store.remove(store.all().map((a) => a.id));
    for (let i = 0; i < 300; i++) {
      hours += 25;
      await store.remove([(await take(store, '192.0.2.1'))!]);
    }
    expect(statSync(join(base, 'thousand', 'appeals.journal')).size).toBeLessThan(200_000);
  });
  it('that are damaged on the disk are left out, said, and kept beside', async () => {
    const store = await opened('damaged');
    await take(store, '192.0.2.1');
    open.splice(0);
    await store.close();
    appendFileSync(join(base, 'damaged', 'appeals.journal'), 'deadbeef {"removed":1}\n');
    const { value, diagnostics } = await AppealStore.open(machine, join(base, 'damaged'));
    open.push(value!);
    expect(diagnostics).toMatchObject([{ code: 'journal-damaged', severity: 'warning' }]);
    expect(value!.all()).toHaveLength(1);
    expect(readdirSync(join(base, 'damaged')).some((name) => name.includes('damaged-'))).toBe(true);
  });
});

describe('what a stranger writes', () => {
  it('is lines without controls', () => {
    const message = '  one\r\ntwo\u001b[2J\u202e\u0007\rthree   \n\n\n\n\nfour\ud800\u2028 ';
    expect(cleanForm({ message, contact: 'a\nb\u0000' })).toEqual({
      message: 'one\ntwo [2J\nthree\n\nfour',
      contact: 'a b',
    });
  });
  it.each([
    ['', ''],
    [' \u0000\n', ''],
    ['x'.repeat(2001), ''],
    ['x', 'y'.repeat(201)],
    ['x'.repeat(9_000_000), ''],
  ])('is not taken when it is empty or too long', (message, contact) => {
    expect(cleanForm({ message, contact })).toBeNull();
  });
});
