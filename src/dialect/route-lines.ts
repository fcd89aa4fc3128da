import type { Diagnostic, Fact, Parsed } from '../ip/index.ts';
import type { Route } from '../model/index.ts';
import { spanOfText, splitWords, WordReader, type Word } from './iproute2/words.ts';
import { routeOf, type RouteParts } from './route-parts.ts';

/** One line with its words. */
export interface Line {
  readonly text: string;
  /** From 1. */
  readonly number: number;
  readonly words: readonly Word[];
  readonly source: string;
}

/** The lines of a text that say something: not empty, and no comment. */
export function linesOf(text: string, source: string, comment = /^\s*#/): readonly Line[] {
  return text
    .split(/\r?\n/)
    .map((line, i) => ({ text: line, number: i + 1, words: splitWords(line, { source, line: i + 1 }), source }))
    .filter((line) => line.words.length > 0 && !comment.test(line.text));
}

/** A reader of the line's words. */
export const readerOf = (line: Line): WordReader =>
  new WordReader(line.words, spanOfText(line.text, { source: line.source, line: line.number }));

/** Where the line says it. */
export const factOf = (line: Line): Fact => ({ source: line.source, line: line.number, text: line.text.trim() });

/**
 * The routes of a text that has one in a line. `read` gives what the line says, or null when it says no route or a wrong
 * one, which it has noted then. A line with an error gives no route.
 */
export function routesOfLines(
  lines: readonly Line[],
  read: (reader: WordReader, line: Line) => RouteParts | null,
): Parsed<readonly Route[]> {
  const value: Route[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const line of lines) {
    const reader = readerOf(line);
    const parts = read(reader, line);
    diagnostics.push(...reader.diagnostics);
    if (parts && !reader.diagnostics.some((d) => d.severity === 'error')) value.push(routeOf(parts, factOf(line)));
  }
  return { value, diagnostics };
}
