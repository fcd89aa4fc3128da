import * as z from 'zod/mini';
import type { Diagnostic, Parsed } from '../../../ip/index.ts';
import { readShape, readYaml } from '../../../dialect/yaml/index.ts';
import { en } from './en.ts';
import type { Words } from './words.ts';

/** The tag goes into a header and into the page, and dates are written in it. */
function isLanguage(tag: string): boolean {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf([tag]).length > 0;
  } catch {
    return false; // no tag at all
  }
}

const KEYS = Object.keys(en) as readonly (keyof Words)[];
const sentence = z.optional(z.string().check(z.minLength(1), z.maxLength(1000)));
const sentences = Object.fromEntries(KEYS.map((key) => [key, sentence])) as Record<keyof Words, typeof sentence>;
const words = z.strictObject({
  ...sentences,
  language: z.optional(z.string().check(z.refine(isLanguage, 'expected a language that dates can be written in'))),
  direction: z.optional(z.enum(['ltr', 'rtl'])),
});

/**
 * The words of one language from a YAML file: all keys of `Words`, each with its sentence. null when it is not whole. Codes:
 * those of `readYaml` and `readShape`.
 */
export function readWords(content: string, source: string): Parsed<Words | null> {
  const yaml = readYaml(content, source);
  if (!yaml.value) return { value: null, diagnostics: yaml.diagnostics };
  const document = yaml.value;
  const shape = readShape(document, { schema: words, empty: {}, knownKeys: () => KEYS });
  const said = new Set(Object.keys(document.value ?? {}));
  const missing = KEYS.filter((key) => !said.has(key)).map((key): Diagnostic => {
    const hint = `in English it is: ${en[key]}`;
    return { code: 'key-missing', severity: 'error', message: `'${key}' is missing`, hint, span: document.at([]) };
  });
  const diagnostics = [...yaml.diagnostics, ...shape.diagnostics, ...missing];
  return { value: diagnostics.length === 0 ? (shape.value as Words) : null, diagnostics };
}
