import { z } from 'zod';
import { published } from './finding-schema.ts';

/** What `waymark route list --json` prints. It only grows. */
export const routeListSchema = z.object({
  routes: z.array(
    z.object({
      text: z.string().describe('In the words of "ip route".'),
      prefix: z.string(),
      type: z.string().describe('unicast, unreachable, prohibit, blackhole, ...'),
      table: z.int().describe('254 main, 255 local, 253 default.'),
      metric: z.int(),
      hops: z
        .array(z.object({ via: z.string().nullable(), dev: z.string().nullable() }))
        .describe('None for refusals.'),
      own: z.boolean().describe('Waymark made it.'),
    }),
  ),
});

/** The answer of `waymark route list` as a value. */
export type RouteListJson = z.infer<typeof routeListSchema>;

/** What is published in schema/route-list.schema.json. */
export const routeListJsonSchema = (): object => published('waymark route list --json', routeListSchema);
