import {
  Composer,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  Parser,
  visit,
  type Document,
  type Node,
  type Pair,
  type ParsedNode,
  type YAMLMap,
} from 'yaml';
import type { Diagnostic, DiagnosticCode, Parsed, Span } from '../../ip/index.ts';

/** Where a value stands in a YAML document: keys and list positions from the top. */
export type Path = readonly (string | number)[];

/** A YAML document as a plain value, with the places its parts stand at. */
export interface YamlDocument {
  /** File name, or `-`. */
  readonly source: string;
  readonly value: unknown;
  /** The place of the value, or of its key; of the nearest thing around it when it is not there. */
  at(path: Path, what?: 'key' | 'value'): Span;
  /** The line that a block text (`|`) begins at, below its key; null for texts whose lines are not lines of the file. */
  blockLine(path: Path): number | null;
}

/** Largest file that is read, in characters: what is longer belongs in files of its own. */
export const MAX_YAML = 1 << 20;
/** Nesting in the parser's own count, about two a level. The deepest legal file needs 16. */
const MAX_DEPTH = 60;
const MAX_FAULTS = 100;
/** Uses of aliases, multiplied out: what the file may grow by. */
const MAX_ALIASES = 1000;

/**
 * Reads one YAML document. Null when it is too large, too deep, no YAML, or grows without end by its aliases. Codes:
 * `input-too-large`, `yaml-invalid`, `name-duplicate` for a key that stands twice in one map.
 */
export function readYaml(text: string, source: string): Parsed<YamlDocument | null> {
  const whole = { source, line: 1, column: 1, length: 1 };
  const fail = (code: DiagnosticCode, message: string, hint: string): Parsed<null> => ({
    value: null,
    diagnostics: [{ code, severity: 'error', message, hint, span: whole }],
  });
  if (text.length > MAX_YAML) {
    return fail(
      'input-too-large',
      `such a file has at most ${MAX_YAML} characters`,
      'put long texts and lists in files of their own',
    );
  }
  const lines = new LineCounter();
  const documents = compose(text, lines);
  if (documents === null)
    return fail(
      'yaml-invalid',
      'this is nested too deep, or no YAML at all',
      'start from an example of the documentation',
    );
  const document = documents[0];
  if (!document) return { value: { source, value: {}, at: () => whole, blockLine: () => null }, diagnostics: [] };
  const spans = new Spans(text, source, lines);
  const second = documents[1] ? [secondDocument(documents[1], spans)] : [];
  const faults = [...yamlFaults(document, spans), ...second, ...duplicateKeys(document, spans)];
  const plain = plainValue(document);
  if ('fault' in plain) return fail('yaml-invalid', plain.fault, 'write the values out');
  const value = new PlacedDocument(document, spans, faults.some((f) => f.code === 'yaml-invalid') ? null : plain.value);
  return { value: value.value === null && faults.length > 0 ? null : value, diagnostics: faults };
}

/** The documents of the text, or null when it is nested so deep that working on it would not end. */
function compose(text: string, lines: LineCounter): Document.Parsed[] | null {
  const composer = new Composer({
    uniqueKeys: false,
    resolveKnownTags: false,
    prettyErrors: false,
    lineCounter: lines,
    logLevel: 'silent',
  });
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  function* tokens(): ReturnType<Parser['parse']> {
    let faults = 0;
    for (const lexeme of new Lexer().lex(text)) {
      for (const token of parser.next(lexeme)) {
        if (token.type === 'error' && ++faults > MAX_FAULTS) throw new RangeError('too many faults');
        yield token;
      }
      if (parser.stack.length > MAX_DEPTH) throw new RangeError('too deep');
    }
    yield* parser.end();
  }
  try {
    return [...composer.compose(tokens(), true, text.length)] as Document.Parsed[];
  } catch (error) {
    // the parser's own way of giving up
    if (error instanceof RangeError || error instanceof ReferenceError) return null;
    throw error;
  }
}

function plainValue(document: Document.Parsed): { value: unknown } | { fault: string } {
  try {
    return { value: document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown };
  } catch (error) {
    // the library says by exceptions what it can't make a value of
    const message = error instanceof Error ? error.message : String(error);
    if (/^Excessive alias|call stack/.test(message)) return { fault: 'its aliases make this file grow without end' };
    return { fault: lowerFirst(message.split('\n')[0]!.slice(0, 200)) };
  }
}

function yamlFaults(document: Document.Parsed, spans: Spans): readonly Diagnostic[] {
  return document.errors.slice(0, MAX_FAULTS).map((error) => ({
    code: 'yaml-invalid',
    severity: 'error',
    message: lowerFirst(error.message),
    span: spans.of(error.pos[0], error.pos[1]),
  }));
}

function secondDocument(document: Document.Parsed, spans: Spans): Diagnostic {
  const span = spans.of(document.range[0], document.range[0] + 1);
  return {
    code: 'yaml-invalid',
    severity: 'error',
    message: 'a second document begins here',
    hint: `leave out the line '---'`,
    span,
  };
}

function duplicateKeys(document: Document.Parsed, spans: Spans): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  visit(document, {
    Map(_, map) {
      const seen = new Set<string>();
      for (const pair of map.items) {
        const key = keyOf(pair);
        if (seen.has(key)) {
          const span = spans.ofNode(pair.key as ParsedNode);
          found.push({
            code: 'name-duplicate',
            severity: 'error',
            message: `'${key}' is here twice`,
            hint: 'keep one of them',
            span,
          });
        }
        seen.add(key);
      }
    },
  });
  return found;
}

const keyOf = (pair: Pair): string => (isScalar(pair.key) ? String(pair.key.value) : String(pair.key));
const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, '');

/** Turns offsets into lines and columns. */
class Spans {
  readonly source: string;
  readonly #lines: readonly string[];
  readonly #counter: LineCounter;

  constructor(text: string, source: string, counter: LineCounter) {
    this.source = source;
    this.#lines = text.split('\n');
    this.#counter = counter;
  }

  of(from: number, to: number): Span {
    const { line, col } = this.#counter.linePos(from);
    const text = (this.#lines[line - 1] ?? '').replace(/\r$/, '');
    const length = Math.max(1, Math.min(to - from, text.length - col + 1));
    return { source: this.source, line: Math.max(1, line), column: Math.max(1, col), length, text };
  }

  ofNode(node: Node | null | undefined): Span {
    const [from, to] = node?.range ?? [0, 1];
    const quoted = isScalar(node) && (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE') ? 1 : 0;
    return this.of(from + quoted, to - quoted);
  }
}

class PlacedDocument implements YamlDocument {
  readonly source: string;
  readonly value: unknown;
  readonly #document: Document.Parsed;
  readonly #spans: Spans;
  readonly #pairs = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>();

  constructor(document: Document.Parsed, spans: Spans, value: unknown) {
    this.source = spans.source;
    this.value = value;
    this.#document = document;
    this.#spans = spans;
  }

  at(path: Path, what: 'key' | 'value' = 'value'): Span {
    const { key, node } = this.#find(path);
    return this.#spans.ofNode((what === 'key' ? key : null) ?? node);
  }

  blockLine(path: Path): number | null {
    const { node } = this.#find(path);
    return isScalar(node) && node.type === 'BLOCK_LITERAL' ? this.#spans.ofNode(node).line + 1 : null;
  }

  #find(path: Path): { key: Node | null; node: Node | null } {
    let key: Node | null = null;
    let node: Node | null = this.#document.contents;
    for (const step of path) {
      const inside = this.#step(node, step);
      if (!inside) break;
      key = inside.key;
      node = inside.node ?? inside.key;
    }
    return { key, node };
  }

  #step(around: Node | null, step: string | number): { key: Node | null; node: Node | null } | null {
    const node = isAlias(around) ? (around.resolve(this.#document) ?? null) : around;
    if (isMap(node)) {
      const pair = this.#pairsOf(node).get(String(step));
      return pair ? { key: pair.key as Node | null, node: pair.value as Node | null } : null;
    }
    if (isSeq(node) && typeof step === 'number' && step < node.items.length)
      return { key: null, node: node.items[step] as Node };
    return null;
  }

  #pairsOf(map: YAMLMap): ReadonlyMap<string, Pair> {
    const known = this.#pairs.get(map);
    if (known) return known;
    const made = new Map(map.items.map((pair) => [keyOf(pair), pair]));
    this.#pairs.set(map, made);
    return made;
  }
}
