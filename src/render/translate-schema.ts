import { z } from 'zod';
import { published } from './finding-schema.ts';

/** What `waymark route translate --json` prints. It only grows. */
export const translateSchema = z.object({
  from: z.string().describe('The language that the text was taken for, as --from takes it.'),
  takesAway: z.boolean().describe('The text takes routes away, and so do the translations.'),
  routes: z.array(z.string()).describe('The routes, as "ip route add" or "ip route del" would have them.'),
  left: z.int().min(0).describe('Routes of the text that a system makes by itself, which were left out.'),
  translations: z.array(
    z.object({
      name: z.string().describe('The language, as --to takes it.'),
      title: z.string(),
      text: z.string().describe('What to type or write; empty when it can say none of the routes.'),
      cannot: z.array(
        z.object({
          route: z.string(),
          what: z.array(z.string()).describe('What of it cannot be said, in words.'),
          whole: z.boolean().describe('The route is not in the text at all.'),
        }),
      ),
      advice: z.array(z.string()).describe('What to look out for.'),
    }),
  ),
});

/** The answer of `waymark route translate` as a value. */
export type TranslateJson = z.infer<typeof translateSchema>;

/** What is published in schema/route-translate.schema.json. */
export const translateJsonSchema = (): object => published('waymark route translate --json', translateSchema);
