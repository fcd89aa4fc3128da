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

/** A template's HTML for one visit, every value escaped. */
export function fillTemplate(template: Template, values: Values): string {
  return fill(template.parts, values);
}

function fill(parts: readonly TemplatePart[], values: Values): string {
  let html = '';
  for (const part of parts) {
    if (typeof part === 'string') html += part;
    else if ('value' in part) html += part.value === 'time_script' ? SCRIPT_TAG : escapeHtml(values[part.value]);
    else if (part.when !== 'time_script' && (values[part.when] === '') === part.empty) html += fill(part.parts, values);
  }
  return html;
}

/** `'sha256-…'` as CSP level 3 (section 2.3.1) names an inline element by its content. */
const hashSource = (content: string): string => `'sha256-${createHash('sha256').update(content).digest('base64')}'`;

/** The policy for a template's text: nothing from elsewhere, its own styles, and the time script. */
export function policyFor(html: string): string {
  const styles = [...html.matchAll(/<style\b[^>]*>([\s\S]*?)<\/style\b/gi)].map((found) => hashSource(found[1]!));
  return [
    "default-src 'none'",
    `script-src ${hashSource(TIME_SCRIPT)}`,
    `style-src ${styles.length === 0 ? "'none'" : [...new Set(styles)].join(' ')}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Whether a word names a placeholder. */
export const isPlaceholder = (word: string): word is Placeholder => Object.hasOwn(PLACEHOLDERS, word);
