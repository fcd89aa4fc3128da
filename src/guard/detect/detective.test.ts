import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { slowVerdicts, type SlowVerdict } from '../../../test/oracle/slow-detective.ts';
import { accessLog, stamp } from '../../../test/support/logs/access-log.ts';
import { formatPrefix } from '../../ip/index.ts';
import { LogLine } from '../source/log-line.ts';
import { knownFormats } from '../source/recognise-format.ts';
import { attackIn, mayAttack } from './attack-words.ts';
import type { Detector } from './detector.ts';
import { Detective } from './detective.ts';
import { offenceLine, Offences } from './offences.ts';
import { SHIPPED_DETECTORS, WEB_DETECTORS } from './shipped-detectors.ts';

const [combined] = knownFormats(() => 0);

function verdicts(lines: readonly string[], detectors: readonly Detector[]): SlowVerdict[] {
  const detective = new Detective(detectors);
  const line = new LogLine();
  return lines.flatMap((text, number) => {
    line.take(text);
    const v = combined!.read(line) ? detective.look(line) : null;
    return v === null
      ? []
      : [
          {
            line: number,
            target: formatPrefix(v.offence.prefix),
            detector: v.detector.name,
            until: v.offence.until,
            time: v.time,
          },
        ];
  });
}

const request = ['request'] as const;
const sentence = { first: 30_000, factor: 2, longest: 100_000 };

/** Small limits, so that short logs meet all of them. */
const SMALL: readonly Detector[] = [
  {
    name: 'window',
    reason: '',
    counts: { happenings: request, statuses: [404] },
    per: 'visitor',
    measure: { kind: 'window', most: 3, windowMs: 20_000 },
    sentence,
  },
  {
    name: 'distinct',
    reason: '',
    counts: { happenings: request, statuses: [404] },
    per: 'visitor',
    measure: { kind: 'window', most: 3, windowMs: 30_000, distinct: 'path' },
    sentence,
  },
  {
    name: 'bucket',
    reason: '',
    counts: { happenings: request },
    per: 'visitor',
    measure: { kind: 'bucket', most: 4, perSecond: 0.25 },
    sentence,
  },
  {
    name: 'paths',
    reason: '',
    counts: { happenings: request, paths: ['.env', 'vendor/phpunit'] },
    per: 'network',
    measure: { kind: 'window', most: 4, windowMs: 60_000 },
    weight: 2,
    sentence,
  },
  {
    name: 'login',
    reason: '',
    counts: { happenings: request, methods: ['POST'], paths: ['login'] },
    per: 'visitor',
    measure: { kind: 'window', most: 2, windowMs: 60_000 },
    sentence,
  },
  {
    name: 'attack',
    reason: '',
    counts: { happenings: request, attacks: true },
    per: 'visitor',
    measure: { kind: 'window', most: 1, windowMs: 1000 },
    sentence,
  },
  {
    name: 'agent',
    reason: '',
    counts: { happenings: request, agents: ['nikto'] },
    per: 'network',
    measure: { kind: 'window', most: 2, windowMs: 60_000 },
    sentence,
  },
  {
    name: 'told',
    reason: '',
    counts: { happenings: request, proxying: true },
    per: 'visitor',
    measure: { kind: 'window', most: 2, windowMs: 60_000 },
    sentence: { ...sentence, warnFirst: true },
  },
];

const PATHS = [
  '/',
  '/a',
  '/b?x=1',
  '/b?x=2',
  '/.env',
  '/x/.ENV?y',
  '/%2eenv',
  '/.environment',
  '/vendor/phpunit/x',
  '/vendor/phpunits',
  '/login',
  '/a/login/',
  '/?f=../x',
  '/s?q=a+union+select',
  '/c%3Cscript%3e',
  '/vendor/',
  'login',
  '*',
  'http://a.example/b',
  'HTTPS://a.example:443/',
  'http:/x',
];

const someLine = fc.record({
  wait: fc.constantFrom(0, 1, 2, 5, 20, 100),
  address: fc.constantFrom(
    '192.0.2.1',
    '192.0.2.2',
    '198.51.100.1',
    '2001:db8:1:2::1',
    '2001:db8:1:2::2',
    '2001:db8:1:3::1',
  ),
  method: fc.constantFrom('GET', 'GET', 'POST'),
  path: fc.constantFrom(...PATHS),
  status: fc.constantFrom(200, 404, 404, 401),
  agent: fc.constantFrom('Mozilla', 'Mozilla', 'Nikto/2', '-'),
});

describe('a detective', () => {
  it('decides as its slow twin does', () => {
    let [decided, told] = [0, 0];
    fc.assert(
      fc.property(fc.array(someLine, { minLength: 30, maxLength: 120 }), (asked) => {
        let time = Date.UTC(2026, 10, 21);
        const lines = asked.map(({ wait, address, method, path, status, agent }) => {
          time += wait * 1000;
          return `${address} - - [${stamp(time)}] "${method} ${path} HTTP/1.1" ${status} 1 "-" "${agent}"`;
        });
        const slow = slowVerdicts(lines, SMALL, attackIn);
        decided += slow.length;
        told += slow.filter((v) => v.until === v.time).length;
        expect(verdicts(lines, SMALL)).toEqual(slow);
      }),
      { numRuns: 300 },
    );
    expect(decided).toBeGreaterThan(500);
    expect(told).toBeGreaterThan(20);
  });
  it('decides as its slow twin does on the log of a site, with what is shipped', () => {
    const lines = [...accessLog(6000, 7, { abusive: 0.3, seconds: 3600 })];
    const slow = slowVerdicts(lines, WEB_DETECTORS, attackIn);
    expect(new Set(slow.map((v) => v.detector)).size).toBeGreaterThan(2);
    expect(verdicts(lines, WEB_DETECTORS)).toEqual(slow);
  });
  it('never passes over an attack to be quick', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(
            '../',
            '%2e',
            '/etc/passwd',
            '=',
            "'",
            ' or ',
            '+',
            'union',
            'select',
            '<',
            'script',
            '(',
            'sleep',
            '.',
            '/',
            'a',
            '%3c',
            '%25',
          ),
          { maxLength: 8 },
        ),
        (parts) => {
          const path = `/${parts.join('')}`;
          return attackIn(path) === null || mayAttack(path, 0, path.length);
        },
      ),
      { numRuns: 2000 },
    );
  });
  it('forgets those who are quiet, however many come', () => {
    const detective = new Detective(WEB_DETECTORS);
    const line = new LogLine();
    for (let i = 0; i < 200_000; i++) {
      line.take(
        `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255} - - [${stamp(Date.UTC(2026, 10, 21) + i)}] "GET /x HTTP/1.1" 404 1 "-" "-"`,
      );
      combined!.read(line);
      detective.look(line);
    }
    expect(detective.remembered).toBeLessThanOrEqual(120_000);
  });
  it('has few enough detectors, each with a name of its own', () => {
    const names = SHIPPED_DETECTORS.map((d) => d.name);
    expect(new Set(names).size).toBe(names.length);
    expect(() => new Detective(SHIPPED_DETECTORS)).not.toThrow();
  });
  it('remembers over restarts who was blocked, for how long and how often', () => {
    const lines = (from: number): string[] =>
      ['/.env', '/.git/x', '/pma/'].map(
        (path) => `192.0.2.1 - - [${stamp(from)}] "GET ${path} HTTP/1.1" 404 1 "-" "x"`,
      );
    const at = Date.UTC(2026, 10, 21);
    const day = 86_400_000;
    const kept: string[] = [];
    const look = (texts: readonly string[], offences: Offences): (number | undefined)[] => {
      const detective = new Detective(SHIPPED_DETECTORS, offences);
      const line = new LogLine();
      return texts.map((text) => {
        line.take(text);
        const offence = combined!.read(line) ? detective.look(line)?.offence : undefined;
        if (offence) kept.push(offenceLine(offence));
        return offence?.count;
      });
    };
    expect(look(lines(at), new Offences())).toEqual([undefined, undefined, 1]);
    const again = (): Offences => {
      const offences = new Offences();
      for (const text of [...kept, '', 'nonsense 1 2', '192.0.2.1/32 x 1']) offences.recall(text);
      return offences;
    };
    // while it is blocked, behind that, and once it is forgotten
    expect(look(lines(at + 60_000), again())).toEqual([undefined, undefined, undefined]);
    expect(look(lines(at + day), again())).toEqual([undefined, undefined, 2]);
    expect([...again().lines(at + day)]).toEqual(['192.0.2.1/32 2 ' + String(at + day + 4 * 3_600_000)]);
    expect([...again().lines(at + 40 * day)]).toEqual([]);
    expect(look(lines(at + 40 * day), again())).toEqual([undefined, undefined, 1]);
  });
});
