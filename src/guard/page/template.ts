import { createHash } from 'node:crypto';
import { escapeHtml } from './escape.ts';
import { PLACEHOLDERS, type Placeholder, type Values } from './placeholders.ts';
import { TIME_SCRIPT } from './time-script.ts';

/** A piece of a template. */
export type TemplatePart =
  | string
  | { readonly value: Placeholder }
  /** Shown when the placeholder has a value, or (`empty`) when it has none. */
  | { readonly when: Placeholder; readonly empty: boolean; readonly parts: readonly TemplatePart[] };

/** A page's HTML with places for what is known of a visit. */
export interface Template {
  readonly parts: readonly TemplatePart[];
  /** The header that lets its own style and the time script run, and nothing else. */
  readonly contentSecurityPolicy: string;
}

const SCRIPT_TAG = `<script>${TIME_SCRIPT}</script>`;

/** Parts that have been settled, as bytes where they are text already. */
export type SettledPart =
  | Buffer
  | { readonly value: Placeholder }
  | { readonly when: Placeholder; readonly empty: boolean; readonly parts: readonly SettledPart[] };

/** A settled template's HTML for one visit, in UTF-8: every value escaped. */
export function fillTemplate(parts: readonly SettledPart[], values: Partial<Values>): Buffer {
  const pieces: Buffer[] = [];
  collect(parts, values, pieces);
  return Buffer.concat(pieces);
}

function collect(parts: readonly SettledPart[], values: Partial<Values>, pieces: Buffer[]): void {
  for (const part of parts) {
    if ('value' in part) pieces.push(Buffer.from(textOf(part.value, values)));
    else if (!('when' in part)) pieces.push(part);
    else if ((textOf(part.when, values) === '') === part.empty) collect(part.parts, values, pieces);
  }
}

const textOf = (name: Placeholder, values: Partial<Values>): string =>
  name === 'time_script' ? SCRIPT_TAG : escapeHtml(values[name] ?? '');

/** The parts with what is known filled in, so that little is left to do for each visit. */
export function settle(parts: readonly TemplatePart[], known: Partial<Values>): readonly SettledPart[] {
  return toBytes(merge(parts, known));
}

const toBytes = (parts: readonly TemplatePart[]): readonly SettledPart[] =>
  parts.map((part) =>
    typeof part === 'string' ? Buffer.from(part) : 'when' in part ? { ...part, parts: toBytes(part.parts) } : part,
  );

function merge(parts: readonly TemplatePart[], known: Partial<Values>): readonly TemplatePart[] {
  const settled: TemplatePart[] = [];
  const add = (part: TemplatePart): void => {
    const last = settled.at(-1);
    if (typeof part === 'string' && typeof last === 'string') settled[settled.length - 1] = last + part;
    else settled.push(part);
  };
  for (const part of parts) {
    const name = typeof part === 'string' ? undefined : 'value' in part ? part.value : part.when;
    const isKnown = name === undefined || name === 'time_script' || known[name] !== undefined;
    if (typeof part === 'string') add(part);
    else if ('value' in part) add(isKnown ? textOf(part.value, known) : part);
    else if (!isKnown) add({ ...part, parts: merge(part.parts, known) });
    else if ((textOf(part.when, known) === '') === part.empty) merge(part.parts, known).forEach(add);
  }
  return settled;
}

/** `'sha256-…'` as CSP level 3 (section 2.3.1) names an inline element by its content. */
const hashSource = (content: string): string => `'sha256-${createHash('sha256').update(content).digest('base64')}'`;

/** The policy for a template's text: nothing from elsewhere, its own styles, the time script, and the form if it has it. */
export function policyFor(html: string): string {
  const styles = [...html.matchAll(/<style\b[^>]*>([\s\S]*?)<\/style\b/gi)].map((found) => hashSource(found[1]!));
  return [
    "default-src 'none'",
    `script-src ${hashSource(TIME_SCRIPT)}`,
    `style-src ${styles.length === 0 ? "'none'" : [...new Set(styles)].join(' ')}`,
    'img-src data:',
    "base-uri 'none'",
    `form-action ${html.includes('appeal_action') ? "'self'" : "'none'"}`,
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Whether a word names a placeholder. */
export const isPlaceholder = (word: string): word is Placeholder => Object.hasOwn(PLACEHOLDERS, word);
