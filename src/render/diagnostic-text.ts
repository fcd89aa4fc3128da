import type { Diagnostic, Severity, Span } from '../ip/index.ts';
import { printable } from './lines.ts';
import { styleFor, type Style } from './style.ts';

const SEVERITY_PAINT: Readonly<Record<Severity, keyof Style>> = { error: 'red', warning: 'yellow', note: 'bold' };

/**
 * Diagnostics for people: severity, code, place and message; the input line with a caret below; the hint. One after
 * the other in the given order; empty for none. `width` is how many characters of a line are shown.
 */
export function diagnosticText(
  diagnostics: readonly Diagnostic[],
  options: { readonly colour: boolean; readonly width: number },
): string {
  const style = styleFor(options.colour);
  return diagnostics
    .flatMap((d) => lines(d, options.width, style))
    .map((l) => `${l}\n`)
    .join('');
}

function lines(d: Diagnostic, width: number, style: Style): string[] {
  const place = d.span ? `${d.span.source}:${d.span.line}:${d.span.column}: ` : '';
  const head = style[SEVERITY_PAINT[d.severity]](`${d.severity}[${d.code}]`);
  return [
    `${head} ${printable(place + d.message)}`,
    ...(d.span?.text === undefined ? [] : picture(d.span, d.span.text, width, style)),
    ...(d.hint === undefined ? [] : [`  hint: ${printable(d.hint)}`]),
  ];
}

/** The line, or the piece of it around the fault, and the caret below. */
function picture(span: Span, text: string, width: number, style: Style): string[] {
  const room = Math.max(20, width - 4);
  const at = Math.min(Math.max(0, span.column - 1), text.length);
  const start = text.length <= room || at < room - 10 ? 0 : at - Math.floor(room / 2);
  const cut = text.slice(start, start + room);
  const dots = (there: boolean): string => (there ? '…' : '');
  const shown = dots(start > 0) + cut + dots(start + room < text.length);
  const before = at - start + dots(start > 0).length;
  const length = Math.max(1, Math.min(span.length, start + cut.length - at));
  return [`    ${printable(shown)}`, `    ${' '.repeat(before)}${style.bold('^'.repeat(length))}`];
}
