import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../../src/diagnose/index.ts';
import { applyChanges } from '../../../src/model/index.ts';
import { roundTrip } from '../../../src/trace/index.ts';
import { ALL_FAULTS, anyCase, ask, confusionOf, confusionTable, isAnswered, networkOf } from './examine.ts';
import { anyPlan, draftOf, textOf } from './healthy.ts';

const RUNS = Number(process.env['WAYMARK_RUNS'] ?? 200);
const seed = Number(process.env['WAYMARK_SEED'] ?? 20251122);

describe('one fault in a random network', () => {
  it('is not there before', () => {
    for (const plan of fc.sample(anyPlan, { numRuns: 60, seed })) {
      const network = networkOf(draftOf(plan));
      for (const asker of plan.hasSite ? ['laptop', 'branch-pc'] : ['laptop'])
        for (const direction of ['in', 'out'] as const)
          for (const protocol of ['icmp', 'tcp'] as const) {
            const question = ask(network, { direction, protocol, family: plan.family, asker });
            expect(isAnswered(network, question), textOf(draftOf(plan))).toBe(true);
          }
    }
  }, 240_000);

  it('is named alone, at its host, in 99 of 100 networks, and the first fix heals it', () => {
    const confusion = confusionOf(RUNS, seed);
    expect(confusion.missed / confusion.total, confusionTable(confusion)).toBeLessThanOrEqual(0.01);
    // every fault was tried
    expect([...confusion.rows.keys()].map((row) => row.split(' (')[0])).toEqual(
      expect.arrayContaining(ALL_FAULTS.map((f) => f.name)),
    );
  }, 240_000);
});

describe('two faults in a random network', () => {
  const anyTwo = fc
    .record({ one: anyCase, other: fc.constantFrom(...ALL_FAULTS) })
    .filter(({ one, other }) => other !== one.fault && other.fits(one.plan, one.direction));

  it('are found, and healed without hiding who asks', () => {
    for (const { one, other } of fc.sample(anyTwo, { numRuns: RUNS / 2, seed })) {
      const draft = draftOf(one.plan);
      one.fault.put(draft);
      other.put(draft);
      const network = networkOf(draft);
      const question = ask(network, { ...one, family: one.plan.family, asker: one.fault.asker });
      const trip = roundTrip(network, question);
      // two faults may undo each other: a rule that was to drop is replaced by another
      if (trip.verdict === 'answered') continue;
      const fix = diagnose(network, question, trip)[0]?.fixes[0];
      const said = `${one.fault.name}, ${other.name} (${one.direction})`;
      expect(fix && isAnswered(applyChanges(network, fix.changes), question), said).toBe(true);
      expect(
        fix!.parts.map((p) => p.kind),
        said,
      ).not.toContain('masquerade');
    }
  }, 240_000);
});
