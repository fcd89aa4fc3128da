import { z } from 'zod';
import { OUTCOMES } from '../trace/index.ts';
import { fact, finding, published, verdict } from './finding-schema.ts';

const step = z.object({
  stage: z.string().describe('Where in the host the step happens.'),
  does: z.string().describe('What it did, as a sentence.'),
  because: z.array(fact),
});

const hop = z.object({
  host: z.string(),
  in: z.string().nullable().describe('Input interface; null where the packet starts.'),
  out: z.string().nullable().describe('Output interface; null where it ends.'),
  via: z.string().nullable().describe('The address it is handed to; null where it ends.'),
  steps: z.array(step),
});

const trace = z.object({
  outcome: z.enum(OUTCOMES),
  host: z.string().describe('Where it ended.'),
  cause: z.string().nullable().describe('Why, when it was not delivered and a finding says so.'),
  hops: z.array(hop),
});

const ending = z.object({ verdict, sees: z.string() });

/** What `waymark explain --json` prints. It only grows: readers must take keys they do not know. */
export const explainSchema = z.object({
  from: z.string(),
  to: z.string(),
  flow: z.object({
    proto: z.enum(['icmp', 'tcp', 'udp']),
    src: z.string(),
    dst: z.string(),
    sport: z.int().describe('ICMP: the echo identifier.'),
    dport: z.int().describe('ICMP: 0.'),
  }),
  verdict: verdict.describe('no-answer: silence; refused: a RST or an ICMP error came back.'),
  sees: z.string().describe('What the person at the sender sees.'),
  forward: trace,
  return: trace.nullable().describe('Null exactly when the forward trace was not delivered.'),
  third: trace.nullable().describe('TCP: the third packet of the handshake, when the second arrived.'),
  fourth: trace.nullable().describe("TCP: the target's first data, when the third packet arrived."),
  secondTry: ending.nullable().describe('With the redirects learnt on the first try, when that changes the verdict.'),
  otherwise: z.array(ending).describe('How it may also end.'),
  uncertain: z.array(fact).describe('Lines that are not modelled and make the verdict uncertain.'),
  findings: z.array(finding),
});

/** The answer of `waymark explain` as a value. */
export type ExplainJson = z.infer<typeof explainSchema>;

/** What is published in schema/explain.schema.json. */
export const explainJsonSchema = (): object => published('waymark explain --json', explainSchema);
