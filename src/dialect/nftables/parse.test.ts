import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DIAGNOSTIC_CODES } from '../../ip/index.ts';
import type { Statement } from '../../model/index.ts';
import { formatNftRule, parseNftJson } from './index.ts';
import { findJsonFault } from './json-fault.ts';

const captured = readFileSync(new URL('golden/constructs.json', import.meta.url), 'utf8');
const head = [
  { table: { family: 'inet', name: 't' } },
  { chain: { family: 'inet', table: 't', name: 'c', type: 'filter', hook: 'input', prio: 0 } },
];
const ruleset = (...items: unknown[]): string => JSON.stringify({ nftables: [...head, ...items] });
const rule = (...expr: unknown[]): unknown => ({ rule: { family: 'inet', table: 't', chain: 'c', handle: 7, expr } });
const read = (...items: unknown[]): ReturnType<typeof parseNftJson> => parseNftJson(ruleset(...items), 'nft');
const statements = (...expr: unknown[]): readonly Statement[] =>
  read(rule(...expr)).value[0]!.chains.get('c')!.rules[0]!.statements;
const codes = (...items: unknown[]): string[] => read(...items).diagnostics.map((d) => d.code);

describe('what no capture has', () => {
  it('takes a chain without a policy for accepting', () => {
    expect(read().value[0]!.chains.get('c')!.hook).toEqual({
      hook: 'input',
      type: 'filter',
      priority: 0,
      policy: 'accept',
    });
  });

  it('knows queue, an unknown statement and xt as not modelled, by place', () => {
    expect(statements({ queue: { num: 1 } })).toEqual([{ kind: 'unmodelled-target', text: 'queue num 1' }]);
    expect(statements({ novelty: { a: 1 } }, { accept: null })).toEqual([
      { kind: 'unmodelled-match', text: 'novelty a 1' },
      { kind: 'verdict', verdict: { kind: 'accept' } },
    ]);
    expect(statements({ accept: null }, { novelty: [{ a: { b: {} } }] })[1]).toEqual({
      kind: 'unmodelled-target',
      text: '{"novelty":[{"a":{"b":{}}}]}',
    });
    expect(statements({ xt: null }, { accept: null })[0]).toEqual({ kind: 'unmodelled-match', text: 'xt' });
    expect(codes(rule({ queue: { num: 1 } }))).toEqual(['line-not-modelled']);
  });

  it('passes flow offload by and says so', () => {
    expect(statements({ flow: { op: 'add', flowtable: '@f' } })).toEqual([{ kind: 'ignored', text: 'flow add @f' }]);
    expect(codes(rule({ flow: { op: 'add', flowtable: '@f' } }))).toEqual(['line-limited']);
  });

  it('reads a bare reject of older nft by the table', () => {
    expect(statements({ reject: null })).toEqual([
      { kind: 'reject', with: { kind: 'icmpx', reason: 'port-unreachable' } },
    ]);
  });

  it('reads forms of newer nft: flat operators, fib check, typeof', () => {
    const mark = { meta: { key: 'mark' } };
    expect(statements({ mangle: { key: mark, value: { '|': [mark, 1, 2] } } })).toEqual(
      statements({ mangle: { key: mark, value: { '|': [{ '|': [mark, 1] }, 2] } } }),
    );
    expect(
      statements({ match: { op: '==', left: { fib: { result: 'check', flags: ['saddr', 'iif'] } }, right: true } }),
    ).toEqual(
      statements({ match: { op: '==', left: { fib: { result: 'oif', flags: ['saddr', 'iif'] } }, right: true } }),
    );
    const set = {
      set: {
        family: 'inet',
        table: 't',
        name: 's',
        type: { typeof: { payload: { protocol: 'ip', field: 'saddr' } } },
        elem: ['1.2.3.4'],
      },
    };
    expect(read(set).value[0]!.sets.get('s')!.entries[0]!.key.kind).toBe('address');
  });

  it('reads the older form of connection addresses', () => {
    const old = {
      match: { op: '==', left: { ct: { key: 'saddr', family: 'ip', dir: 'original' } }, right: '10.0.0.1' },
    };
    const now = { match: { op: '==', left: { ct: { key: 'ip saddr', dir: 'original' } }, right: '10.0.0.1' } };
    expect(statements(old)).toEqual(statements(now));
    expect(statements(old)[1]).toMatchObject({ kind: 'match', left: { kind: 'ct', key: 'original.saddr' } });
  });

  it('reads a port as nft 1.0.6 lists it behind a match of several protocols', () => {
    const port = (right: unknown) => ({
      match: { op: '==', left: { ct: { key: 'proto-dst', dir: 'original' } }, right },
    });
    expect(statements(port('0x1bb [invalid type]'))).toEqual(statements(port(443)));
  });

  it('finds a limit with `over` by its name', () => {
    const over = { limit: { family: 'inet', table: 't', name: 'l', rate: 5, per: 'second', inv: true } };
    const found = read(over, rule({ limit: 'l' }, { drop: null })).value[0]!.chains.get('c')!.rules[0]!.statements;
    expect(found.map((s) => s.kind)).toEqual(['limited', 'member', 'verdict']);
  });

  it('reads a range that nft lists upside down as the two bounds that were written', () => {
    const port = { payload: { protocol: 'tcp', field: 'dport' } };
    const range = (from: unknown, to: unknown, left: unknown = port): readonly Statement[] =>
      statements({ match: { op: '!=', left, right: { range: [from, to] } } });
    const bounds = (from: unknown, to: unknown, left: unknown = port): readonly Statement[] =>
      statements({ match: { op: '<', left, right: from } }, { match: { op: '>', left, right: to } });
    expect(range(100, 50)).toEqual(bounds(100, 50));
    expect(range(50, 100).map((s) => s.kind)).toEqual(['member']);
    const saddr = { payload: { protocol: 'ip', field: 'saddr' } };
    expect(range('10.0.0.9', '10.0.0.1', saddr)).toEqual(bounds('10.0.0.9', '10.0.0.1', saddr));
  });

  it('does not take an address of the other family, a wrong range or a wrong length', () => {
    const saddr = { payload: { protocol: 'ip', field: 'saddr' } };
    for (const right of [
      '::1',
      '1.2.3',
      { prefix: { addr: '10.0.0.0', len: 33 } },
      { range: ['1.2.3.4', '::1'] },
      5,
      { set: ['1.2.3.4', 'x'] },
    ]) {
      expect(statements({ match: { op: '==', left: saddr, right } }).map((s) => s.kind)).toEqual(['unmodelled-match']);
    }
  });

  it('keeps names of input inside their quotes', () => {
    const evil = statements({
      match: { op: '==', left: { meta: { key: 'iifname' } }, right: 'a" accept; flush ruleset #' },
    });
    expect(formatNftRule({ statements: evil })).toBe('iifname "a??accept??flush?ruleset?#"');
  });
});

describe('damaged input', () => {
  it('says where JSON is cut off', () => {
    for (const at of [1, 20, 500, 20_000, captured.trimEnd().length - 1]) {
      const { value, diagnostics } = parseNftJson(captured.slice(0, at), 'x');
      expect(value).toEqual([]);
      expect(diagnostics.map((d) => [d.code, d.span?.line, d.span?.column])).toEqual([['input-cut-off', 1, at + 1]]);
    }
    expect(parseNftJson('', 'x').diagnostics[0]!.code).toBe('input-cut-off');
  });

  it('says where JSON is wrong', () => {
    const { diagnostics } = parseNftJson('{"nftables": [\n  {"table": nonsense}]}', 'x');
    expect(diagnostics).toMatchObject([
      { code: 'json-invalid', severity: 'error', span: { line: 2, column: 13, text: '  {"table": nonsense}]}' } },
    ]);
  });

  it('passes over the warnings that nft writes before', () => {
    const text = `# Warning: table ip nat is managed by iptables-nft, do not touch!\n${ruleset()}`;
    expect(parseNftJson(text, 'x').diagnostics).toEqual([]);
    expect(parseNftJson(`# a\n# b\n{"nftables": [}`, 'x').diagnostics[0]!.span).toMatchObject({ line: 3, column: 15 });
  });

  it('knows JSON that is no ruleset', () => {
    for (const text of ['{}', '[]', '5', 'null', '{"nftables": 5}', '"nftables"']) {
      expect(parseNftJson(text, 'x').diagnostics.map((d) => d.code)).toEqual(['input-unrecognised']);
    }
  });

  it('refuses what is too deep for the stack', () => {
    const deep = `{"nftables":${'['.repeat(100_000)}`;
    expect(parseNftJson(deep, 'x').diagnostics.map((d) => d.code)).toEqual(['json-invalid']);
  });

  it('names missing chains and sets, and circles', () => {
    const chain = (name: string): unknown => ({ chain: { family: 'inet', table: 't', name } });
    const jump = (from: string, to: string): unknown => ({
      rule: { family: 'inet', table: 't', chain: from, expr: [{ jump: { target: to } }] },
    });
    expect(codes(rule({ jump: { target: 'gone' } }))).toEqual(['chain-missing']);
    expect(codes(rule({ match: { op: '==', left: { meta: { key: 'mark' } }, right: '@gone' } }))).toEqual([
      'set-missing',
    ]);
    expect(codes({ rule: { family: 'inet', table: 't', chain: 'gone', expr: [] } })).toEqual(['chain-missing']);
    const { diagnostics } = read(
      chain('a'),
      chain('b'),
      rule({ jump: { target: 'a' } }),
      jump('a', 'b'),
      jump('b', 'a'),
    );
    expect(diagnostics.map((d) => d.message)).toEqual(['chains of inet t lead back to themselves: a -> b -> a']);
    const map = {
      map: {
        family: 'inet',
        table: 't',
        name: 'm',
        type: 'mark',
        map: 'verdict',
        elem: [[1, { jump: { target: 'c' } }]],
      },
    };
    expect(codes(map, rule({ vmap: { key: { meta: { key: 'mark' } }, data: '@m' } }))).toEqual(['chain-cycle']);
  });

  it('names things that are there twice or nowhere', () => {
    expect(codes(head[0])).toEqual(['name-duplicate']);
    expect(codes(head[1])).toEqual(['name-duplicate']);
    expect(codes({ chain: { family: 'ip', table: 'other', name: 'x' } })).toEqual(['value-invalid']);
    expect(
      codes({ chain: { family: 'inet', table: 't', name: 'x', type: 'filter', hook: 'sideways', prio: 0 } }),
    ).toEqual(['value-invalid']);
    expect(codes({ surprise: {} })).toEqual(['line-unknown']);
  });

  it('walks 20,000 chains in a row without running out of stack, and tells no more than it should', () => {
    const many = Array.from({ length: 20_000 }, (_v, i) => [
      { chain: { family: 'inet', table: 't', name: `n${i}` } },
      ...(i === 0
        ? []
        : [
            {
              rule: {
                family: 'inet',
                table: 't',
                chain: `n${i - 1}`,
                expr: [{ odd: i }, { jump: { target: `n${i}` } }],
              },
            },
          ]),
    ]).flat();
    const started = cpuTime();
    const { diagnostics } = read(...many);
    expect(cpuTime() - started).toBeLessThan(5000);
    expect(diagnostics.length).toBe(101);
    expect(diagnostics.at(-1)!.message).toBe('19899 more of these in nft are not listed');
  });
});

describe('any input', () => {
  const known: readonly string[] = DIAGNOSTIC_CODES;
  const holds = (text: string): void => {
    const { value, diagnostics } = parseNftJson(text, 'x');
    for (const d of diagnostics) expect(known).toContain(d.code);
    for (const table of value)
      for (const c of table.chains.values()) for (const r of c.rules) expect(formatNftRule(r)).not.toMatch(/[\n\r]/);
  };

  it('text never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), holds));
  });

  it('JSON never throws, wherever in a ruleset it stands', () => {
    const key = fc.constantFrom(
      'match',
      'left',
      'right',
      'op',
      'set',
      'map',
      'key',
      'data',
      'meta',
      'payload',
      'ct',
      'elem',
      'val',
      'concat',
      'range',
      'prefix',
      '__proto__',
      'snat',
      'addr',
      'port',
      'xt',
    );
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(null, true, -1, 0.5, 1e300, '', '@x', '*', 'ip', 'constructor', 'mark', '10.0.0.1', '=='),
        fc.array(tie('any'), { maxLength: 3 }),
        fc.dictionary(key, tie('any'), { maxKeys: 3 }),
      ),
    })).any;
    fc.assert(
      fc.property(value, value, value, (a, b, c) => {
        holds(JSON.stringify({ nftables: a }));
        holds(
          ruleset(a, { set: b }, { rule: c }, rule(a, b, { match: c }), {
            set: { family: 'inet', table: 't', name: 's', type: a, elem: b },
          }),
        );
        holds(
          ruleset(
            rule(
              { match: { op: '==', left: { payload: { protocol: 'ip', field: 'saddr' } }, right: a } },
              { snat: b },
              { mangle: { key: { meta: { key: 'mark' } }, value: c } },
            ),
          ),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('captured rules with one value changed never throw, and no statement is lost', () => {
    const items = (JSON.parse(captured) as { nftables: { rule?: { expr: unknown[] } }[] }).nftables;
    const rules = items.flatMap((i) => (i.rule ? [i.rule] : []));
    fc.assert(
      fc.property(
        fc.constantFrom(...rules),
        fc.nat(),
        fc.constantFrom<unknown>(null, -1, 'x', '@', [], {}, [[]], true),
        (picked, at, changed) => {
          let seen = 0;
          const places = JSON.stringify(picked.expr).match(/"|\d+|null/g)!.length;
          const expr = JSON.parse(JSON.stringify(picked.expr), (_k, v: unknown) =>
            typeof v === 'object' && v !== null ? v : seen++ === at % places ? changed : v,
          ) as unknown[];
          const { value, diagnostics } = read(rule(...expr));
          const rulesRead = value[0]!.chains.get('c')!.rules;
          expect(rulesRead.length).toBe(1);
          expect(rulesRead[0]!.statements.length).toBeGreaterThanOrEqual(expr.length === 0 ? 0 : 1);
          const unmodelled = rulesRead[0]!.statements.filter((s) => s.kind.startsWith('unmodelled')).length;
          expect(diagnostics.filter((d) => d.code === 'line-not-modelled').length).toBe(unmodelled);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('finds a fault exactly where JSON.parse finds one', () => {
    const texts = fc.oneof(
      fc.json(),
      fc
        .tuple(fc.json(), fc.nat({ max: 60 }), fc.constantFrom('', ',', '}', ']', '"', 'x', '\\', '0'))
        .map(([t, at, c]) => t.slice(0, at) + c + t.slice(at + 1)),
      fc.tuple(fc.json(), fc.nat({ max: 60 })).map(([t, at]) => t.slice(0, at)),
    );
    fc.assert(
      fc.property(texts, (t) => {
        expect(findJsonFault(t) === null).toBe(parses(t));
      }),
      { numRuns: 3000 },
    );
  });

  it('calls every cut of good JSON cut off', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { maxLength: 4 }), fc.nat(), (value, at) => {
        const t = JSON.stringify(value);
        const cut = t.slice(0, at % t.length);
        expect(findJsonFault(cut)).toEqual({ position: cut.length, cutOff: true });
      }),
    );
  });

  it('ends noise quickly', () => {
    for (const noise of ['[', '{', '"\\', 'x', '{"nftables":', '\u0000', '[[],'].map((s) =>
      s.repeat(3_000_000 / s.length),
    )) {
      const started = cpuTime();
      holds(noise);
      expect(cpuTime() - started).toBeLessThan(3000);
    }
  });
});

/** Milliseconds of processor time: other work on the machine must not fail a test. */
function cpuTime(): number {
  return process.cpuUsage().user / 1000;
}

function parses(t: string): boolean {
  try {
    JSON.parse(t);
    return true;
  } catch {
    return false;
  }
}
