import * as z from 'zod/mini';
import { HAPPENINGS } from '../source/log-line.ts';

const words = z.optional(z.array(z.string().check(z.minLength(1))));
const duration = z.optional(z.string());
const positive = z.optional(z.number().check(z.positive()));

/** A detector as the settings file has it; of one that is shipped only what is different. */
export const detectorShape = z.strictObject({
  name: z.string().check(z.regex(/^[a-z][a-z0-9-]{0,40}$/)),
  off: z.optional(z.boolean()),
  reason: z.optional(z.string().check(z.minLength(1), z.maxLength(200))),
  counts: z.optional(
    z.strictObject({
      happenings: z.optional(z.array(z.enum(HAPPENINGS)).check(z.minLength(1))),
      statuses: z.optional(z.array(z.int().check(z.minimum(100), z.maximum(999)))),
      methods: words,
      paths: words,
      attacks: z.optional(z.boolean()),
      proxying: z.optional(z.boolean()),
      agents: words,
    }),
  ),
  per: z.optional(z.enum(['visitor', 'network'])),
  weight: positive,
  most: positive,
  within: duration,
  distinct: z.optional(z.enum(['path', 'user'])),
  'per-second': positive,
  block: z.optional(
    z.strictObject({
      first: duration,
      factor: z.optional(z.number().check(z.minimum(1), z.maximum(100))),
      longest: duration,
      'warn-first': z.optional(z.boolean()),
    }),
  ),
});

/** What a detector of the settings file says. */
export type DetectorSaid = z.infer<typeof detectorShape>;
