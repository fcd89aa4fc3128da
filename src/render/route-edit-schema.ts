import { z } from 'zod';
import { published } from './finding-schema.ts';

/** What `waymark route add --json` prints, and `del`, `replace`, `reject` and the like. It only grows. */
export const routeEditSchema = z.object({
  asked: z.string().describe('What was asked: "add 10.67.0.0/16 via 192.168.120.254".'),
  outcome: z
    .enum(['dry-run', 'so-already', 'not-wanted', 'done', 'untouched', 'back', 'stuck'])
    .describe(
      'dry-run, so-already, not-wanted, untouched: nothing was changed. done: it is there. back: it was done and taken back. stuck: it could not be taken back.',
    ),
  commands: z.array(z.string()).describe("The system's own commands, in order; none where it is so already."),
  keptBy: z
    .string()
    .nullable()
    .describe('Who configures the link and keeps the route over a reboot; null without --persist.'),
  files: z
    .array(z.object({ path: z.string(), diff: z.string().describe('As "diff -u" prints it.') }))
    .describe('Files that change; none without --persist.'),
  moved: z.array(z.string()).describe('Traffic of this machine that goes another way, in words.'),
  dangers: z.array(z.string()).describe('Why a person has to agree, in words.'),
  change: z.int().nullable().describe('The number for "waymark undo"; null when nothing was begun.'),
  confirm: z.int().nullable().describe('Seconds in which "waymark route confirm" has to come; null when it need not.'),
});

/** The answer of the commands that change routes as a value. */
export type RouteEditJson = z.infer<typeof routeEditSchema>;

/** What is published in schema/route-edit.schema.json. */
export const routeEditJsonSchema = (): object => published('waymark route add --json', routeEditSchema);
