import { z } from 'zod';

/** Where a piece of knowledge comes from. */
export const fact = z
  .object({
    source: z.string().describe('A file, or the command whose output it is; "assumption" when nothing was collected.'),
    line: z.int().min(0).describe('From 1; 0 when there is none.'),
    text: z.string(),
  })
  .describe('Where a piece of knowledge comes from.');

const pair = z.object({
  from: z.string(),
  to: z.string(),
  proto: z.enum(['icmp', 'tcp', 'udp']),
  port: z.int(),
  address: z.string().optional().describe('The address asked, where it is another than the one that "from" would ask.'),
});

const commands = z.object({
  apply: z.array(z.string()),
  persist: z.array(z.string()),
  undo: z.array(z.string()),
});

const fix = z.object({
  kind: z.string(),
  title: z.string(),
  host: z.string().describe('The box where the main change is made.'),
  changes: z.array(z.object({ kind: z.string(), host: z.string(), text: z.string() })),
  proved: z.boolean().describe('Tracing again with the changes gave the answer that was missing.'),
  opens: z.array(pair),
  closes: z.array(pair),
  notes: z.array(z.string()).describe('What to know before choosing it.'),
  commands: z.record(z.string(), commands).describe('What to type, by box. Lines that start with # are for a person.'),
});

/** A cause at a host with its fixes. */
export const finding = z.object({
  cause: z.string(),
  host: z.string(),
  summary: z.string(),
  evidence: z.array(fact),
  fixes: z.array(fix).describe('Best first.'),
});

/** How a flow ends. */
export const verdict = z.enum(['answered', 'no-answer', 'refused', 'unknown']);

/** A finding as a value. */
export type FindingJson = z.infer<typeof finding>;

/** A schema as JSON Schema 2020-12, as it is published. */
export const published = (title: string, schema: z.ZodType): object => ({
  title,
  ...z.toJSONSchema(schema, { io: 'input' }),
});
