import { describe, expect, it } from 'vitest';
import { whyNoLab } from '../support/lab-available.ts';
import { agrees, compare, hostOf, type Compared } from './why/compare.ts';
import { groundOf } from './why/ground.ts';
import { ask } from './why/kernel.ts';

const reason = whyNoLab(['ip']);
const GROUNDS = 25;
const EACH = 100;

const told = (c: Compared): string => `${c.question}\n  kernel ${c.kernel}\n  model  ${c.model.join('\n         ')}`;

describe.skipIf(reason !== null)('route why', () => {
  it('answers 2,500 random questions as the kernel does', { timeout: 120_000 }, () => {
    const all: Compared[] = [];
    for (let seed = 1; seed <= GROUNDS; seed++) {
      const ground = groundOf(seed, EACH);
      const { bundle, answers } = ask(ground, seed % 4 === 0);
      const host = hostOf(bundle);
      all.push(...ground.questions.map((q, i) => compare(host, q, answers[i]!)));
    }
    const count = (is: (c: Compared) => boolean): number => all.filter(is).length;
    const different = all.filter((c) => !agrees(c));
    const several = count((c) => c.model.length > 1);
    console.log(
      `route why: ${all.length} questions, ${several} with several right answers, ${different.length} differences`,
    );
    expect(different.map(told)).toEqual([]);
    expect(all.length).toBeGreaterThanOrEqual(2000);
    // what would make the agreement empty
    expect(several).toBeLessThan(all.length / 10);
    for (const kernel of ['ENETUNREACH', 'EHOSTUNREACH', 'EACCES', 'EINVAL'])
      expect(
        count((c) => c.kernel === kernel),
        kernel,
      ).toBeGreaterThan(20);
    for (const words of ['via ', 'by local', 'by broadcast', 'table 100', 'tos 16', 'metric 5'])
      expect(
        count((c) => c.kernel.includes(words)),
        words,
      ).toBeGreaterThan(5);
    const losers = all.flatMap((c) =>
      c.answers.flatMap((a) => a.steps.flatMap((s) => ('losers' in s.action ? s.action.losers : []))),
    );
    for (const why of ['shorter', 'metric', 'tos', 'throw', 'suppressed', 'dead'] as const)
      expect(losers.filter((l) => l.why === why).length, why).toBeGreaterThan(5);
  });
});
