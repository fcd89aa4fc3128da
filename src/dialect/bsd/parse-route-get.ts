import { parseAddress, type Diagnostic, type Parsed, type Result } from '../../ip/index.ts';
import type { Route } from '../../model/index.ts';
import { netmaskLength } from '../netmask.ts';
import { factOf, linesOf, readerOf, type Line } from '../route-lines.ts';
import { routeOf } from '../route-parts.ts';
import { destination } from './destination.ts';
import { gateway } from './gateway.ts';

/**
 * The routes that answers of `route -n get ADDRESS` name, one each; an answer without a gateway is about a network of the
 * host's own (protocol `kernel`). Codes: those of addresses, `key-missing`.
 */
export function parseRouteGet(text: string, source: string): Parsed<readonly Route[]> {
  const answers: Line[][] = [];
  for (const line of linesOf(text, source)) {
    if (/^\s*route to:/.test(line.text)) answers.push([]);
    answers.at(-1)?.push(line);
  }
  const read = answers.map(readAnswer);
  return { value: read.flatMap((r) => r.value), diagnostics: read.flatMap((r) => r.diagnostics) };
}

/** The lines of one answer by their keys, with the words behind. */
class Answer {
  readonly diagnostics: Diagnostic[] = [];
  readonly #lines: readonly Line[];

  constructor(lines: readonly Line[]) {
    this.#lines = lines;
  }

  line(key: string): Line | undefined {
    return this.#lines.find((l) => l.words[0]?.text === `${key}:`);
  }

  /** What stands behind the key; undefined when nothing does, or it is wrong, which is noted. */
  read<T>(key: string, parse: (text: string) => Result<T>): T | undefined {
    const line = this.line(key);
    const word = line?.words[1];
    if (!line || !word) return undefined;
    const reader = readerOf(line);
    const value = reader.read(word, parse);
    this.diagnostics.push(...reader.diagnostics);
    return value;
  }
}

function readAnswer(lines: readonly Line[]): Parsed<readonly Route[]> {
  const answer = new Answer(lines);
  const { diagnostics } = answer;
  const line = answer.line('destination') ?? lines[0]!;
  const length = answer.read('mask', maskLength);
  const force = length === undefined ? 'host' : undefined;
  const prefix = answer.read('destination', (text) => destination(text, { length, force }));
  const hop = answer.read('gateway', gateway);
  const dev = hop?.dev ?? answer.line('interface')?.words[1]?.text;
  if (!prefix || (!hop && dev === undefined)) {
    const lacks = `this answer of route get lacks its ${prefix ? 'interface' : 'destination'}`;
    const reader = readerOf(line);
    if (diagnostics.length === 0) reader.note('key-missing', lacks, undefined, 'paste all of it', 'warning');
    return { value: [], diagnostics: [...diagnostics, ...reader.diagnostics] };
  }
  const flags = answer.line('flags')?.text ?? '';
  const refuses = /\bREJECT\b/.test(flags) ? 'unreachable' : /\bBLACKHOLE\b/.test(flags) ? 'blackhole' : undefined;
  const way = { hops: [{ via: hop?.via, dev }], protocol: hop ? 'boot' : 'kernel' };
  return { value: [routeOf({ prefix, ...(refuses ? { type: refuses } : way) }, factOf(line))], diagnostics };
}

/** `255.255.0.0`, or for IPv6 the mask as an address. */
function maskLength(text: string): Result<number> {
  if (text === 'default') return { ok: true, value: 0 };
  const six = text.includes(':') ? parseAddress(text) : null;
  if (!six?.ok) return netmaskLength(text);
  const { w0, w1, w2, w3 } = six.value;
  const bits = [w0, w1, w2, w3].map((w) => (w >>> 0).toString(2).padStart(32, '0')).join('');
  return { ok: true, value: bits.indexOf('0') < 0 ? 128 : bits.indexOf('0') };
}
