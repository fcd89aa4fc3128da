import { nearestHint, type Diagnostic, type Parsed, type Span } from '../../ip/index.ts';
import { attributeKind, IN_TEXT, placeAfter, type HtmlPlace } from './template-place.ts';
import { isPlaceholder, policyFor, type Template, type TemplatePart } from './template.ts';
import { PLACEHOLDERS, type Placeholder } from './placeholders.ts';

/** Longest template, in UTF-16 units: every blocked visitor gets it. */
const LONGEST = 256 * 1024;

/** `{{name}}`, `{{#name}}` shown when there is a value, `{{^name}}` when there is none, `{{/name}}` the end of both. */
const TAG = /\{\{\s*([#^/]?)\s*([^{}]*?)\s*\}\}/g;

/** A section that is open. */
interface Open {
  readonly sign: string;
  readonly name: Placeholder;
  readonly outer: TemplatePart[];
  readonly place: HtmlPlace;
  readonly span: Span;
}

/** A template being read. */
interface Reading {
  readonly html: string;
  readonly source: string;
  readonly diagnostics: Diagnostic[];
  readonly open: Open[];
  parts: TemplatePart[];
  place: HtmlPlace;
}

/**
 * A page's template: HTML with `{{placeholders}}` and no code. Unknown placeholders, ones in places where HTML could not
 * be kept whole (outside quotes, in a style, in an address), sections that do not fit, and scripts are diagnosed; with
 * an error among them the template must not be used. `source` names the file.
 */
export function readTemplate(text: string, source: string): Parsed<Template> {
  const html = text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
  const reading: Reading = { html, source, diagnostics: [], open: [], parts: [], place: IN_TEXT };
  if (html.length > LONGEST) {
    const message = `the template is longer than ${LONGEST} characters`;
    return { value: toTemplate('', []), diagnostics: [{ code: 'input-too-large', severity: 'error', message }] };
  }
  let position = 0;
  for (const found of html.matchAll(TAG)) {
    addText(reading, html.slice(position, found.index));
    addTag(reading, found);
    position = found.index + found[0].length;
  }
  addText(reading, html.slice(position));
  for (const { name, span } of reading.open)
    complain(reading, 'placeholder-misplaced', span, `the section '${name}' has no end`, `add {{/${name}}}`);
  const parts = reading.open[0]?.outer ?? reading.parts;
  warnOfCode(reading);
  return { value: toTemplate(html, parts), diagnostics: reading.diagnostics };
}

const toTemplate = (html: string, parts: readonly TemplatePart[]): Template => ({
  parts,
  contentSecurityPolicy: policyFor(html),
});

function addText(reading: Reading, html: string): void {
  if (html === '') return;
  reading.parts.push(html);
  reading.place = placeAfter(html, reading.place);
}

function addTag(reading: Reading, found: RegExpExecArray): void {
  const [whole, sign, name] = found as unknown as [string, string, string];
  const span = spanAt(reading, found.index, whole.length);
  if (!isPlaceholder(name)) {
    const hint = nearestHint(name, Object.keys(PLACEHOLDERS));
    complain(reading, 'placeholder-unknown', span, `there is no placeholder '${name}'`, hint);
    return;
  }
  if (sign === '') addValue(reading, name, span);
  else if (sign === '/') endSection(reading, name, span);
  else if (name === 'time_script') complain(reading, 'placeholder-misplaced', span, `'${name}' is no section`);
  else {
    reading.open.push({ sign, name, outer: reading.parts, place: reading.place, span });
    reading.parts = [];
  }
}

function addValue(reading: Reading, name: Placeholder, span: Span): void {
  const wrong = misplaced(name, reading.place);
  if (wrong) complain(reading, 'placeholder-misplaced', span, `'${name}' ${wrong.message}`, wrong.hint);
  else reading.parts.push({ value: name });
}

const BETWEEN_TAGS = { hint: 'put it between tags, or in the quotes of an attribute' };

/** Why a placeholder cannot stand at a place. */
function misplaced(name: Placeholder, place: HtmlPlace): { message: string; hint: string } | undefined {
  const kind = PLACEHOLDERS[name];
  if (place.at === 'text') return undefined;
  if (place.at === 'comment') return { message: 'stands in a comment', hint: 'nobody sees it there: take it out' };
  if (place.at === 'raw') return { message: `stands in a <${place.element}>`, ...BETWEEN_TAGS };
  if (place.at === 'tag') return { message: 'stands in a tag, outside quotes', ...BETWEEN_TAGS };
  const holds = attributeKind(place.name);
  if (kind === 'markup') return { message: 'stands in an attribute', hint: 'put it before </body>' };
  if (holds === 'code') return { message: `stands in '${place.name}', which is code`, ...BETWEEN_TAGS };
  if (holds === 'link' && kind !== 'link')
    return {
      message: `stands in '${place.name}'`,
      hint: 'an address takes phone_link, email_link, appeal_action and logo only',
    };
  return undefined;
}

function endSection(reading: Reading, name: Placeholder, span: Span): void {
  const open = reading.open.at(-1);
  if (open?.name !== name) {
    const hint = open ? `the section '${open.name}' ends first` : 'nothing is open here';
    complain(reading, 'placeholder-misplaced', span, `'/${name}' ends no section`, hint);
    return;
  }
  reading.open.pop();
  const parts = reading.parts;
  reading.parts = open.outer;
  reading.parts.push({ when: name, empty: open.sign === '^', parts });
  if (JSON.stringify(open.place) !== JSON.stringify(reading.place)) {
    const hint = 'begin and end it between tags, or both in one pair of quotes';
    complain(reading, 'placeholder-misplaced', open.span, `the section '${name}' holds half a tag`, hint);
  }
}

function complain(
  reading: Reading,
  code: 'placeholder-unknown' | 'placeholder-misplaced',
  span: Span,
  message: string,
  hint?: string,
): void {
  reading.diagnostics.push({ code, severity: 'error', message, span, ...(hint === undefined ? {} : { hint }) });
}

/** What the browser will not run or load: said, because the page would look otherwise than its author sees it. */
function warnOfCode(reading: Reading): void {
  const found =
    /<script\b|<link\b[^>]*stylesheet|<iframe\b|<form\b(?![^>]*\{\{\s*appeal_action\s*\}\})|\sstyle\s*=\s*["']|\son[a-z]+\s*=\s*["']/i.exec(
      reading.html,
    );
  if (!found) return;
  reading.diagnostics.push({
    code: 'placeholder-misplaced',
    severity: 'warning',
    message: `'${found[0].trim()}' does nothing on this page`,
    hint: 'styles belong in a <style>, pictures in data: addresses; scripts, frames, and forms that go elsewhere than {{appeal_action}} are refused by the browser',
    span: spanAt(reading, found.index, found[0].length),
  });
}

function spanAt({ html, source }: Reading, index: number, length: number): Span {
  const before = html.slice(0, index).split('\n');
  const column = before.at(-1)!.length + 1;
  return { source, line: before.length, column, length, text: html.split('\n')[before.length - 1]! };
}
