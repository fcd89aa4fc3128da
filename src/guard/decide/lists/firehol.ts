import type { ListCollector } from './list-collector.ts';
import { readPlain } from './plain.ts';

/** Reads a FireHOL netset or ipset: a head of remarks, of which the first names the list, then one prefix a line. */
export function readFirehol(text: string, into: ListCollector): void {
  const name = /^[ \t]*#[ \t]*([\w.-]+)[ \t]*\r?$/m.exec(text.slice(0, 4096))?.[1];
  readPlain(text, into, { reason: name === undefined ? 'listed by FireHOL' : `listed by FireHOL's ${name}` });
}
