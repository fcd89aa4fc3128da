import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fakeMachine } from '../host/index.ts';
import { parsePrefix } from '../ip/index.ts';
import { decisionJson } from './decide/decision-json.ts';
import { DecisionBook } from './decide/decision-book.ts';
import type { Decision } from './decide/decision.ts';
import type { Engine } from './enforce/engine.ts';
import { Guard } from './guard.ts';
import { answerLine, readReply, requestLine, type GuardRequest } from './protocol.ts';
import type { DecisionStore } from './store/decision-store.ts';

const prefix = parsePrefix('10.0.0.0/24');
if (!prefix.ok) throw new Error(prefix.message);
const decision: Decision = {
  prefix: prefix.value,
  reason: 'too many requests',
  reference: 'K7P-4QD',
  since: 1,
  until: null,
  by: 'root',
  evidence: ['GET /wp-login.php'],
  rest: 'drop',
};

/** A guard that keeps decisions in memory and tells no kernel. */
function guardInMemory(): Guard {
  const book = new DecisionBook();
  const none = () => Promise.resolve([]);
  const engine: Engine = {
    ...{ prepare: none, load: none, block: none, lift: none, verify: none, remove: none, lead: none, allow: none },
  };
  const store = {
    book,
    blockAll: (all: readonly Decision[]) =>
      Promise.resolve({
        ok: true,
        value: all.map((d) => ({ prefix: d.prefix, before: null, after: book.block(d), isHandedOn: false })),
      }),
    lift: (p: Decision['prefix']) => Promise.resolve({ ok: true, value: book.lift(p) ?? null }),
  } as unknown as DecisionStore;
  return new Guard({ machine: fakeMachine(), store, engine });
}

describe('what is asked over the socket', () => {
  const guard = guardInMemory();
  const lines = async (line: string, may: 'all' | 'look' = 'all'): Promise<readonly string[]> => {
    const said = await answerLine(guard, line, may);
    return typeof said === 'string' ? [said] : [...said];
  };
  const ask = async (request: GuardRequest) => readReply((await lines(requestLine(request)))[0]!);

  it('is done and answered', async () => {
    const all = { decisions: [decision], diagnostics: [] };
    expect(await ask({ do: 'block', decision: decisionJson(decision) })).toEqual(all);
    expect(await ask({ do: 'list' })).toEqual(all);
    expect(await ask({ do: 'at', address: '10.0.0.7' })).toEqual(all);
    expect(await ask({ do: 'at', address: '10.0.1.7' })).toEqual({ decisions: [], diagnostics: [] });
    expect(await ask({ do: 'lift', prefix: '10.0.0.0/24', by: 'me' })).toEqual(all);
    expect(await ask({ do: 'list' })).toEqual({ decisions: [], diagnostics: [] });
    expect(await ask({ do: 'block-all', decisions: [decisionJson(decision)] })).toEqual(all);
    expect(await ask({ do: 'lift', prefix: '10.0.0.0/24', by: 'me' })).toEqual(all);
  });
  it('is refused when it is nothing that it knows', async () => {
    const wrong = fc.oneof(
      fc.string(),
      fc.json(),
      fc.json().map((text) => `{"do":"block","decision":${text}}`),
      fc.json().map((text) => `{"do":"block-all","decisions":[${text}]}`),
    );
    await fc.assert(
      fc.asyncProperty(wrong, async (line) => {
        expect(readReply((await lines(line))[0]!)).toMatchObject({ diagnostics: [{ code: 'usage' }] });
      }),
    );
  });
  it('is looking alone for those who may do no more', async () => {
    await ask({ do: 'block', decision: decisionJson(decision) });
    const lift = '{"do":"at","address":"10.0.0.7","do":"lift","prefix":"10.0.0.0/24","by":"me"}';
    for (const line of [
      lift,
      requestLine({ do: 'list' }),
      requestLine({ do: 'lift', prefix: '10.0.0.0/24', by: 'me' }),
    ])
      expect(readReply((await lines(line, 'look'))[0]!)).toMatchObject({ diagnostics: [{ code: 'usage' }] });
    const seen = readReply((await lines(requestLine({ do: 'at', address: '10.0.0.7' }), 'look'))[0]!);
    expect(seen?.decisions).toHaveLength(1);
  });
  it('gets answers that are none told from answers', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (line) => {
        expect(readReply(line)).toBeNull();
      }),
    );
  });
});
