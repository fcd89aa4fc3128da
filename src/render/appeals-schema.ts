import { z } from 'zod';
import { published } from './finding-schema.ts';

const milliseconds = z.int().describe('Milliseconds since 1970, UTC.');

/** What `waymark appeals --json` prints, the oldest first. It only grows. */
export const appealsSchema = z.array(
  z.object({
    id: z.int().min(1).describe('The number that "waymark appeals NUMBER" takes; never given again.'),
    at: milliseconds.describe('When it came, in milliseconds since 1970, UTC.'),
    address: z.string().describe("The visitor's address."),
    prefix: z.string().describe('The prefix of the decision that held it.'),
    reference: z.string().describe('The reference of that decision.'),
    message: z.string().describe("A stranger's words: lines without control characters."),
    contact: z.string().describe('How the stranger can be reached, or so they say; empty when they did not.'),
    answered: z
      .object({ at: milliseconds, by: z.string() })
      .nullable()
      .describe('When it was marked as answered, and by whom; null while it is open.'),
  }),
);

/** What is published in schema/appeals.schema.json. */
export const appealsJsonSchema = (): object => published('waymark appeals --json', appealsSchema);
