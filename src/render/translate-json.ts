import type { TranslatedRoutes } from './translate-text.ts';
import type { TranslateJson } from './translate-schema.ts';

/** What was read, and what became of it. */
export interface Told extends Omit<TranslateJson, 'translations'> {
  readonly translations: readonly TranslatedRoutes[];
}

/** The answer of `waymark route translate --json`, as `translateSchema` describes it. */
export const translateJson = (told: Told): TranslateJson => ({
  ...told,
  translations: told.translations.map((t) => ({
    ...t,
    cannot: t.cannot.map((c) => ({ ...c, what: [...c.what] })),
    advice: [...t.advice],
  })),
});
