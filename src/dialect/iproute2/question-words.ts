import { parseAddress, type Address, type Parsed, type Result } from '../../ip/index.ts';
import { interfaceName, ipProtocol, tosNumber, upTo } from './names.ts';
import { spanOfText, splitWords, WordReader, type Place, type Word } from './words.ts';

/** What `ip route get` asks the kernel. Ports are 0 and the rest is null where nothing was said. */
export interface RouteQuestionWords {
  readonly destination: Address;
  readonly source: Address | null;
  readonly iif: string | null;
  readonly mark: number;
  readonly tos: number;
  readonly protocol: number | null;
  readonly sourcePort: number;
  readonly destinationPort: number;
}

type Draft = { -readonly [K in keyof RouteQuestionWords]: RouteQuestionWords[K] };

/** A reader of what stands behind a word. */
interface Key {
  readonly what: string;
  readonly read: (draft: Draft, reader: WordReader, key: Word) => unknown;
}

const key = <K extends keyof Draft>(
  part: K,
  what: string,
  parse: (text: string) => Result<NonNullable<Draft[K]>>,
): Key => ({
  what,
  read: (draft, reader, word) => {
    const value = reader.value(word, what, parse);
    if (value !== undefined) draft[part] = value;
  },
});

const port = (part: 'sourcePort' | 'destinationPort'): Key => key(part, 'a port', upTo(65535));
const iif = key('iif', 'an interface', interfaceName);
const tos = key('tos', 'a TOS', dsField);
const protocol = key('protocol', 'a protocol', ipProtocol);

const KEYS: Readonly<Record<string, Key>> = {
  from: key('source', 'an address', parseAddress),
  mark: key('mark', 'a mark', upTo(0xffffffff)),
  iif,
  in: iif,
  tos,
  dsfield: tos,
  ipproto: protocol,
  proto: protocol,
  sport: port('sourcePort'),
  dport: port('destinationPort'),
};

/** The kernel takes no TOS with bits of ECN (inet_validate_dsfield). */
function dsField(text: string): Result<number> {
  const read = tosNumber(text);
  if (!read.ok || (read.value & 3) === 0) return read;
  return {
    ok: false,
    code: 'value-invalid',
    message: `'${text}' has bits of ECN`,
    hint: 'the last two bits must be 0',
  };
}

/**
 * Reads a question in the words of `ip route get` (ip-route(8)): `10.67.1.2 from 10.5.5.20 mark 0x1 iif eth0 tos 0x10
 * ipproto tcp dport 22`. Null when anything is wrong. Codes: those of `parseAddress`, `key-unknown`, `key-missing`,
 * `value-invalid`.
 */
export function parseRouteQuestion(text: string, place: Place): Parsed<RouteQuestionWords | null> {
  const reader = new WordReader(splitWords(text, place), spanOfText(text, place));
  reader.take('to');
  const first = reader.next();
  if (!first) reader.note('key-missing', 'name the address that is looked for', undefined, 'for example 10.5.5.20');
  const destination = first && reader.read(first, parseAddress);
  const draft: Draft = {
    destination: destination ?? { family: 4, w0: 0, w1: 0, w2: 0, w3: 0 },
    source: null,
    iif: null,
    mark: 0,
    tos: 0,
    protocol: null,
    sourcePort: 0,
    destinationPort: 0,
  };
  for (let word = reader.next(); word; word = reader.next()) readKey(reader, draft, word);
  if (destination && draft.source && draft.source.family !== destination.family)
    reader.note('value-invalid', 'the two addresses are not of the same family');
  return { value: reader.diagnostics.length === 0 ? draft : null, diagnostics: reader.diagnostics };
}

function readKey(reader: WordReader, draft: Draft, word: Word): void {
  const known = Object.hasOwn(KEYS, word.text) ? KEYS[word.text] : undefined;
  if (known) known.read(draft, reader, word);
  else
    reader.note(
      'key-unknown',
      `'${word.text}' is not known here`,
      word.span,
      `known are ${Object.keys(KEYS).join(', ')}`,
    );
}
