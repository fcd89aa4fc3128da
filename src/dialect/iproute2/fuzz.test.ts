import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Parsed } from '../../ip/index.ts';
import * as dialect from './index.ts';

const folder = join(import.meta.dirname, 'golden');
const goldens = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
const place = { source: 'f', line: 1 };
const parsers: Readonly<Record<string, (text: string) => Parsed<unknown>>> = {
  addresses: (text) => dialect.parseAddresses(text, 'f'),
  routes: (text) => dialect.parseRoutes(text, 'f'),
  rules: (text) => dialect.parseRules(text, 'f', 4),
  neighbours: (text) => dialect.parseNeighbours(text, 'f'),
  'route words': (text) => dialect.parseRouteWords(text, place),
  'route listing': (text) => dialect.parseRouteListing(text, 'f'),
  'rule words': (text) => dialect.parseRuleWords(text, place),
  'rule listing': (text) => dialect.parseRuleListing(text, 'f', 6),
};

/** A golden text with a piece cut out, doubled or replaced. */
const mutated = fc
  .tuple(
    fc.constantFrom(...goldens),
    fc.nat(),
    fc.nat({ max: 40 }),
    fc.oneof(fc.string(), fc.constantFrom('null', '"', '{}', '-1', '1e999', '\n', '[', ' nexthop ')),
  )
  .map(([text, at, length, put]) => text.slice(0, at % text.length) + put + text.slice((at % text.length) + length));
const vocabulary = fc.constantFrom(
  ...[
    'default',
    '10.0.0.0/8',
    'fd00::/8',
    'via',
    'inet6',
    'dev',
    'nexthop',
    'weight',
    'src',
    'from',
    'not',
    'lookup',
    'goto',
    'encap',
    'fwmark',
    '0x1/0xff',
  ],
  ...[
    'ip',
    '-6',
    '-f',
    'route',
    'rule',
    'add',
    'del',
    'lock',
    'mtu',
    '5:',
    '__proto__',
    'constructor',
    'toString',
    '\\',
    'pref',
    'table',
    '-',
    '/',
    ':',
  ],
);
const sentence = fc.array(vocabulary, { maxLength: 14 }).map((words) => words.join(' '));
/** A record of the right shape with wrong values. */
const value = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom('all', 'default', 'eth0', -1, 1e300, '0x', null, [], {}, 'fd00::1'),
);
const keys = [
  'dst',
  'dev',
  'gateway',
  'via',
  'type',
  'table',
  'flags',
  'nexthops',
  'metrics',
  'ifname',
  'addr_info',
  'linkinfo',
  'priority',
  'src',
  'srclen',
  'fwmark',
  'goto',
  'table',
  'state',
  'mtu',
  'from',
  'encap',
  'pref',
];
const record = fc
  .dictionary(fc.constantFrom(...keys), value)
  .map((one) => JSON.stringify([{ dst: 'default', dev: 'eth0', ifname: 'eth0', priority: 1, ...one }]));

describe.each(Object.entries(parsers))('%s', (_name, parse) => {
  const holds = (text: string): void => {
    const { diagnostics } = parse(text);
    for (const d of diagnostics) {
      expect(d.message).not.toBe('');
      expect(d.message).not.toMatch(/undefined|\[object/);
      if (!d.span) continue;
      expect(d.span.line).toBeGreaterThanOrEqual(1);
      expect(d.span.column).toBeGreaterThanOrEqual(1);
    }
  };

  it('takes anything', () => {
    const anything = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.json(), mutated, sentence, record);
    fc.assert(fc.property(anything, holds), { numRuns: 600 });
  });

  it('takes deep and long input in good time', () => {
    for (const text of [
      '['.repeat(100_000),
      `[{"dst":${'['.repeat(50_000)}${']'.repeat(50_000)}}]`,
      'nexthop '.repeat(20_000),
      'a'.repeat(200_000),
      '\\ '.repeat(50_000),
    ])
      holds(text);
  });
});
