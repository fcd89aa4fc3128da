import { z } from 'zod';
import { fact, published } from './finding-schema.ts';

const route = z.object({
  text: z.string().describe('As "ip route show table all" prints it.'),
  table: z.int().describe('254 main, 255 local, 253 default.'),
  fact,
});

const rule = z.object({ priority: z.int(), text: z.string().describe('As "ip rule show" prints it.') });

/** What `waymark route why --json` prints. It only grows. */
export const routeWhySchema = z.object({
  host: z.string(),
  asks: z.string().describe('The same question to the kernel.'),
  goes: z.boolean().describe('The packet has a way, whichever answer holds.'),
  answers: z
    .array(
      z.object({
        end: z.enum(['here', 'goes', 'refused', 'dropped']),
        why: z.string().describe('In words.'),
        error: z.string().nullable().describe('The errno(3) that a program gets.'),
        outcome: z.string().nullable().describe('How a packet that came in ends (docs/outcomes.md).'),
        dev: z.string().nullable(),
        via: z.string().nullable(),
        source: z.string().nullable(),
        route: route.nullable().describe('The route that decided.'),
        rule: rule.nullable().describe('The rule that led to it, or refused.'),
        rules: z.array(rule.extend({ how: z.string() })).describe('Rules that were met, the deciding one last.'),
        losers: z.array(route.extend({ why: z.string() })).describe('Routes that were looked at and lost.'),
        otherwise: z
          .object({ route: route.nullable(), rule: rule.nullable() })
          .nullable()
          .describe('What the rules behind the deciding one would have said.'),
        steps: z.array(z.string()).describe('Decisions on the way, in words.'),
        uncertain: z.array(fact).describe('Lines that are not modelled, on which this answer rests.'),
      }),
    )
    .describe('More than one where next hops share the traffic, or where a line is not modelled.'),
});

/** The answer of `waymark route why` as a value. */
export type RouteWhyJson = z.infer<typeof routeWhySchema>;

/** What is published in schema/route-why.schema.json. */
export const routeWhyJsonSchema = (): object => published('waymark route why --json', routeWhySchema);
