import type { DryRun } from '../guard/index.ts';
import { prefixName } from './decision-text.ts';

/** What `waymark guard test --json` prints; times in milliseconds since 1970. */
export const guardTestJson = ({ verdicts, logs, ordinary }: DryRun): unknown => ({
  logs,
  decisions: verdicts.map(({ detector, time, offence, evidence, allowed }) => ({
    target: prefixName(offence.prefix),
    detector: detector.name,
    reason: detector.reason,
    time,
    until: offence.until,
    count: offence.count,
    held: offence.held,
    allowed,
    evidence,
  })),
  ordinary,
});
