import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { success } from '../../ip/index.ts';
import { readAppealForm } from './appeal-form.ts';
import { answerAppealLine, readAppealReply, readOutcome, type AppealDesk } from './appeal-protocol.ts';
import type { AppealStore } from './appeal-store.ts';

const kept: unknown[] = [];
const store = {
  all: () => [],
  take: (form: unknown) => Promise.resolve(success(kept.push(form) > 0 ? ({ id: 1 } as never) : null)),
  answer: () => Promise.resolve(success([])),
  remove: () => Promise.resolve(success([])),
} as unknown as AppealStore;
const desk: AppealDesk = { store, decisionsAt: (a) => (a.w3 === 0xc0000201 ? [{} as never] : []), isOpen: true };
const said = (json: object, may: 'all' | 'look' = 'look', at = desk): Promise<string | null> =>
  answerAppealLine(at, JSON.stringify(json), may);
const appeal = { do: 'appeal', address: '192.0.2.1', form: { message: 'a', contact: '' } };

describe('the page', () => {
  it('hands appeals over, of blocked visitors alone, and reads none', async () => {
    expect(readOutcome((await said(appeal))!)).toBe('sent');
    expect(kept).toEqual([{ message: 'a', contact: '' }]);
    expect(readOutcome((await said({ ...appeal, address: '192.0.2.2' }))!)).toBe('over');
    expect(readOutcome((await said({ ...appeal, address: 'me' }))!)).toBe('unreadable');
    expect(readOutcome((await said({ ...appeal, form: { message: ' ', contact: '' } }))!)).toBe('unreadable');
    expect(readOutcome((await said(appeal, 'look', { ...desk, isOpen: false }))!)).toBe('failed');
    for (const what of ['appeals', 'appeals-answered', 'appeals-removed'])
      expect(await said({ do: what, ids: [1], by: 'x' })).toBeNull();
    expect(readAppealReply((await said({ do: 'appeals' }, 'all'))!)).toEqual({ appeals: [], diagnostics: [] });
  });
  it('can send what it likes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.anything(), fc.jsonValue(), async (address, form) => {
        const line = await said({ do: 'appeal', address, form });
        expect(line === null || readOutcome(line) !== 'sent').toBe(true);
        await said({ do: 'appeals-answered', ids: form, by: form }, 'all');
        await answerAppealLine(desk, `{"do":"appeal${JSON.stringify(form)}`, 'all');
      }),
    );
  });
});

it('a form is read as browsers write it, and as others do', () => {
  const read = (text: string | Uint8Array): unknown => readAppealForm(Buffer.from(text));
  expect(read('message=a+b%0D%0A%E2%82%AC&contact=x%40y')).toEqual({ message: 'a b\r\n€', contact: 'x@y' });
  expect(read('message=ü&message=second')).toEqual({ message: 'ü', contact: '' });
  expect(read('contact=x')).toBeNull();
  expect(read('%%%=&message=%zz')).toEqual({ message: '%zz', contact: '' });
  fc.assert(fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => void readAppealForm(bytes)));
});
