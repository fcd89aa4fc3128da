import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AllowList } from '../decide/allow-list.ts';
import { formatDuration } from '../decide/duration.ts';
import { knownFormats } from '../source/recognise-format.ts';
import type { Detector } from './detector.ts';
import { DryRun, type DryVerdict } from './dry-run.ts';
import { SHIPPED_DETECTORS } from './shipped-detectors.ts';

const folder = resolve(import.meta.dirname, '../../../docs/detectors');
const page = ({ name }: Detector): string => readFileSync(`${folder}/${name}.md`, 'utf8');

function found(lines: readonly string[]): readonly DryVerdict[] {
  const run = new DryRun(
    knownFormats(() => Date.UTC(2026, 10, 22)),
    SHIPPED_DETECTORS,
    new AllowList([]),
  );
  const log = run.open('sample');
  log.push(lines.join('\n'));
  log.end();
  return run.verdicts;
}

const FLOOD = Array<string>(601).fill(
  '198.51.100.7 - - [21/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 1 "-" "Mozilla/5.0"',
);

describe('the detectors that are shipped', () => {
  it('have a page each', () => {
    expect(readdirSync(folder).sort()).toEqual(SHIPPED_DETECTORS.map((d) => `${d.name}.md`).sort());
  });
  it.each(SHIPPED_DETECTORS)(
    '$name: the sample of its page leads to a block, without its last line to none',
    (detector) => {
      const lines = /```text\n([\s\S]*?)\n```/.exec(page(detector))?.[1]!.split('\n') ?? FLOOD;
      const by = (all: readonly string[]): readonly string[] => found(all).map((v) => v.detector.name);
      expect(by(lines)).toContain(detector.name);
      expect(by(lines.slice(0, -1))).not.toContain(detector.name);
      const verdict = found(lines).find((v) => v.detector.name === detector.name)!;
      expect(verdict.evidence.at(-1)).toBe(lines.at(-1));
    },
  );
  it.each(SHIPPED_DETECTORS)('$name: its page says its limits', ({ measure, sentence, ...detector }) => {
    const text = page({ measure, sentence, ...detector });
    expect(text).toContain(String(measure.most));
    expect(text).toContain(`${formatDuration(sentence.first)} at first`);
    if (measure.kind === 'window') expect(text).toContain(formatDuration(measure.windowMs).replace(/^1 /, 'a '));
  });
});
