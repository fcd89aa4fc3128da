import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostPrefix, ipv4, ipv6 } from '../../ip/index.ts';
import type { Decision } from '../decide/decision.ts';
import { Counters } from './counters.ts';
import { eventLines } from './event-line.ts';
import type { GuardEvent } from './guard-event.ts';
import { PageCounters } from './page-counters.ts';

const decision = (more: Partial<Decision> = {}): Decision => ({
  prefix: hostPrefix(ipv4(0xc0000207)),
  reason: 'Too many failed logins',
  reference: 'K7P-4QD',
  since: 0,
  until: Date.UTC(2026, 10, 23),
  by: 'anna',
  evidence: [],
  rest: 'through',
  ...more,
});
const texts = (event: GuardEvent): readonly string[] => eventLines(event).map((l) => `${l.priority} ${l.text}`);

describe('a line of the log', () => {
  it('says who, until when, why, and by whom', () => {
    expect(texts({ kind: 'blocked', origin: 'hand', decisions: [decision()] })).toEqual([
      '6 blocked 192.0.2.7 until=2026-11-23T00:00:00.000Z reference=K7P-4QD by=anna reason="Too many failed logins"',
    ]);
    expect(texts({ kind: 'lifted', decision: decision(), by: 'ben' })).toEqual([
      '6 lifted 192.0.2.7 by=ben reference=K7P-4QD',
    ]);
    expect(texts({ kind: 'ended', decisions: [decision()] })).toEqual(['6 ended 192.0.2.7 reference=K7P-4QD']);
    const faults = [{ code: 'command-failed', severity: 'error', message: 'no room' }] as const;
    expect(texts({ kind: 'repaired', why: faults })).toEqual(['4 repaired why="no room"']);
    expect(texts({ kind: 'enforced', verb: 'block', ms: 1, faults })).toEqual([
      '3 fault verb=block code=command-failed message="no room"',
    ]);
    const many = Array.from({ length: 5000 }, () => decision());
    expect(texts({ kind: 'blocked', origin: 'list', decisions: many })).toEqual(['6 blocked count=5000']);
  });
  it('is one line of printable characters that can be taken apart, whatever others wrote', () => {
    const strange = fc.string({ unit: 'binary', maxLength: 400 });
    fc.assert(
      fc.property(strange, strange, strange, (reason, by, reference) => {
        const event = { kind: 'blocked', origin: 'hand', decisions: [decision({ reason, by, reference })] } as const;
        const [line, ...others] = eventLines(event);
        expect(others).toEqual([]);
        expect(line!.text).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        const value = String.raw`([\w.@:/-]+|"(?:[^"\\]|\\.)*")`;
        expect(line!.text).toMatch(
          new RegExp(`^blocked 192\\.0\\.2\\.7 until=\\S+ reference=${value} by=${value} reason=${value}$`, 'u'),
        );
      }),
    );
  });
});

describe('what is counted', () => {
  const gauges = {
    decisions: { 4: { hand: 2, list: 1 }, 6: { hand: 0, list: 7 } },
    journalLines: 12,
    since: 1_000_000,
  };
  it('is in the text format of Prometheus', () => {
    const counters = new Counters();
    counters.count({ kind: 'blocked', origin: 'list', decisions: [decision(), decision()] });
    counters.count({ kind: 'lifted', decision: decision(), by: 'x' });
    counters.count({ kind: 'enforced', verb: 'block', ms: 3, faults: [] });
    counters.count({ kind: 'enforced', verb: 'block', ms: 300, faults: [] });
    const lines = counters.text(gauges).split('\n');
    for (const line of [
      'waymark_decisions{family="ipv4",origin="hand"} 2',
      'waymark_decisions{family="ipv6",origin="list"} 7',
      'waymark_journal_lines 12',
      'waymark_blocks_total{origin="hand"} 0',
      'waymark_blocks_total{origin="list"} 2',
      'waymark_unblocks_total 1',
      'waymark_engine_seconds_bucket{verb="block",le="0.001"} 0',
      'waymark_engine_seconds_bucket{verb="block",le="0.005"} 1',
      'waymark_engine_seconds_bucket{verb="block",le="0.5"} 2',
      'waymark_engine_seconds_bucket{verb="block",le="+Inf"} 2',
      'waymark_engine_seconds_count{verb="block"} 2',
      'waymark_start_time_seconds 1000',
    ])
      expect(lines).toContain(line);
    const isWhole = /^(# (HELP|TYPE) waymark_\w+ .+|waymark_\w+(\{(\w+="[\w.+]+",?)+\})? [\d.e+-]+)$/;
    expect(lines.filter((l) => l !== '' && !isWhole.test(l))).toEqual([]);
  });
  it('has as many series whoever is blocked', () => {
    const counters = new Counters();
    const before = counters.text(gauges).split('\n').length;
    for (let i = 0; i < 1000; i++) {
      const prefix = hostPrefix(ipv6(0x20010db8, 0, 0, i));
      counters.count({
        kind: 'blocked',
        origin: 'hand',
        decisions: [decision({ prefix, by: `p${i}`, reason: `r${i}` })],
      });
    }
    expect(counters.text(gauges).split('\n')).toHaveLength(before);
  });
  it('is the answers of the page too', () => {
    const page = new PageCounters();
    page.count(403, 'text/html; charset=utf-8');
    page.count(403, 'text/html; charset=utf-8');
    page.count(429, 'application/problem+json');
    expect(page.text(5)).toContain('waymark_page_answers_total{status="403",kind="html"} 2\n');
    expect(page.text(5)).toContain('waymark_page_answers_total{status="429",kind="problem"} 1\n');
    expect(page.text(5)).toContain('waymark_page_connections 5\n');
  });
});
