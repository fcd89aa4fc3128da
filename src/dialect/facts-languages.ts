import { bsdFacts } from './bsd/index.ts';
import type { FactsLanguage } from './system-facts.ts';
import { iosFacts, routerosFacts, vyosFacts } from './vendor/index.ts';
import { windowsFacts } from './windows/index.ts';

/** Every language in which another system than Linux tells of its host. */
export const FACTS_LANGUAGES: readonly FactsLanguage[] = [bsdFacts, windowsFacts, routerosFacts, vyosFacts, iosFacts];

/** The language of such a text; undefined when it is none. */
export const recogniseFacts = (text: string): FactsLanguage | undefined =>
  FACTS_LANGUAGES.find((l) => l.recognise(text) === 'yes');
