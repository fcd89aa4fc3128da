import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foundCases } from './found.ts';
import { Kernel } from './kernel.ts';
import { printJudged } from './print.ts';
import { runNetworks } from './run.ts';
import { differs, judge, LONG_QUIET } from './shrink.ts';

/** Why the kernel can't be asked here, or null. Where `CI` is set it must be possible. */
function whyNot(): string | null {
  const tried = spawnSync('unshare', ['-n', 'python3', '-c', 'import ctypes; ctypes.CDLL("libnftables.so.1")'], {
    encoding: 'utf8',
  });
  if (tried.status === 0) return null;
  return `no network namespaces, python3 or libnftables here: ${(tried.stderr ?? String(tried.error)).trim().split('\n').at(-1) ?? ''}`;
}

const reason = whyNot();
if (reason !== null) console.warn(`conformance: ${process.env.CI === undefined ? 'skipped: ' : ''}${reason}`);

describe.skipIf(reason !== null && process.env.CI === undefined)('the model and the kernel', () => {
  let kernel: Kernel;
  beforeAll(async () => {
    kernel = await Kernel.start();
  });
  afterAll(() => kernel?.stop());

  it('agree on every network that they once disagreed about', async () => {
    const cases = [...foundCases()];
    const judged = await judge(
      kernel,
      cases.map(([, spec]) => spec),
      LONG_QUIET,
    );
    const again = judged.map((j, i) => ({ name: cases[i]![0], j })).filter(({ j }) => differs(j));
    expect(again.map(({ name, j }) => `${name}\n${printJudged(j)}`)).toEqual([]);
    for (const [i, j] of judged.entries()) expect(j.comparisons.length, cases[i]![0]).toBeGreaterThan(0);
  }, 120_000);

  it('agree on 10,000 probes in random networks', async () => {
    const { coverage, confirmed } = await runNetworks(kernel, 1, 205);
    expect(confirmed.map(printJudged)).toEqual([]);
    expect(coverage.probes).toBeGreaterThan(10_000);
    // what would make the agreement empty
    for (const [group, name, least] of [
      ['compared', 'same', 9500],
      ['sees', 'reply', 4000],
      ['sees', 'refused', 300],
      ['sees', 'timeout', 500],
      ['sees', 'local-error', 300],
      ['there', 'filtered', 100],
      ['back', 'filtered', 50],
      ['there', 'reverse-path', 10],
      ['there', 'ttl-expired', 20],
    ] as const) {
      expect(coverage.of(group, name), `${group}: ${name}`).toBeGreaterThan(least);
    }
  }, 300_000);
});
