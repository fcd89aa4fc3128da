import { z } from 'zod';
import { fact, finding, published, verdict } from './finding-schema.ts';

/** What `waymark check --json` prints. It only grows. */
export const checkSchema = z.object({
  holds: z.boolean().describe('Every expectation holds.'),
  expectations: z.array(
    z.object({
      text: z.string().describe('The expectation in words: "laptop reaches linux-server by ping".'),
      holds: z.boolean().nullable().describe("Null: it can't be said with what was collected."),
      source: fact.describe('Where it is written.'),
      asked: z
        .array(z.object({ from: z.string(), to: z.string(), verdict, sees: z.string() }))
        .describe('Everything that was asked, what speaks against the expectation first.'),
      findings: z.array(finding),
    }),
  ),
});

/** The answer of `waymark check` as a value. */
export type CheckJson = z.infer<typeof checkSchema>;

/** What is published in schema/check.schema.json. */
export const checkJsonSchema = (): object => published('waymark check --json', checkSchema);
