import { de } from './de.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import { fr } from './fr.ts';
import { nl } from './nl.ts';
import type { Words } from './words.ts';

/** The languages that the page speaks by itself. The first is what a visitor gets who asks for none of them. */
export const LANGUAGES: readonly Words[] = [en, de, fr, es, nl];
