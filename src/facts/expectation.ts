import { parseAddress, type Fact, type Parsed, type Span } from '../ip/index.ts';
import type { Expectation } from '../model/index.ts';

const SENTENCE =
  /^(\S+)\s+(reaches|(?:cannot|can't|does not|doesn't) reach)\s+(\S+?)(?:\s+(?:by\s+(ping|icmp)|on\s+(tcp|udp)\/(\d{1,9})))?\.?$/i;
const HINT = "write 'A reaches B by ping', 'A reaches B on tcp/22' or 'A cannot reach B'";

/** Names that an expectation may speak of. */
export interface Speakers {
  readonly has: (name: string) => boolean;
  readonly nearest: (name: string) => string | undefined;
}

/**
 * Reads a sentence of what should work: `laptop reaches server by ping`, `A reaches B on tcp/22`, `A cannot reach B`.
 * A and B are hosts, networks or addresses; without `by` or `on`, ping is meant. Codes: `expectation-invalid`,
 * `port-invalid`, `name-unknown`. Null when anything is wrong.
 */
export function parseExpectation(text: string, fact: Fact, span: Span, names: Speakers): Parsed<Expectation | null> {
  const m = SENTENCE.exec(text.trim().replaceAll(/\s+/g, ' '));
  if (!m) {
    const message = `'${clip(text)}' is no sentence that is known here`;
    return {
      value: null,
      diagnostics: [{ code: 'expectation-invalid', severity: 'error', message, hint: HINT, span }],
    };
  }
  const [, from, verb, to, , protocol, portText] = m as unknown as [
    string,
    string,
    string,
    string,
    ...(string | undefined)[],
  ];
  const port = Number(portText ?? 0);
  const diagnostics = [from, to].flatMap((name) => unknownName(name, span, names));
  if (portText !== undefined && (port < 1 || port > 65535)) {
    diagnostics.push({
      code: 'port-invalid',
      severity: 'error',
      message: `'${portText}' is no port`,
      hint: 'write a number from 1 to 65535',
      span,
    });
  }
  if (diagnostics.length > 0) return { value: null, diagnostics };
  const reaches = verb.toLowerCase() === 'reaches';
  return { value: { from, to, reaches, protocol: protocolOf(protocol), port, fact }, diagnostics };
}

const protocolOf = (word: string | undefined): Expectation['protocol'] => {
  const lower = word?.toLowerCase();
  return lower === 'tcp' || lower === 'udp' ? lower : 'icmp';
};

function unknownName(name: string, span: Span, names: Speakers): Parsed<null>['diagnostics'][number][] {
  if (names.has(name) || parseAddress(name).ok) return [];
  const hint = names.nearest(name) ?? 'name a host, a network or an address';
  return [
    {
      code: 'name-unknown',
      severity: 'error',
      message: `nothing here is called '${clip(name)}'`,
      hint,
      span: inside(span, name),
    },
  ];
}

/** The span of a word in the sentence. */
function inside(span: Span, word: string): Span {
  const at = span.text?.indexOf(word, span.column - 1) ?? -1;
  return at < 0 ? span : { ...span, column: at + 1, length: word.length };
}

const clip = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}...` : text);

/** The sentence that an expectation stands for; `parseExpectation` reads it back. */
export function formatExpectation({ from, to, reaches, protocol, port }: Expectation): string {
  return `${from} ${reaches ? 'reaches' : 'cannot reach'} ${to} ${protocol === 'icmp' ? 'by ping' : `on ${protocol}/${port}`}`;
}
