import { z } from 'zod';
import { finding, published, verdict } from './finding-schema.ts';

/** What `waymark fix --json` prints. It only grows. */
export const fixSchema = z.object({
  from: z.string(),
  to: z.string(),
  verdict,
  sees: z.string().describe('What the person at the sender sees.'),
  findings: z.array(finding),
});

/** The answer of `waymark fix` as a value. */
export type FixJson = z.infer<typeof fixSchema>;

/** What is published in schema/fix.schema.json. */
export const fixJsonSchema = (): object => published('waymark fix --json', fixSchema);
