import { WRONG, type Path } from '../dialect/yaml/index.ts';
import { formatPrefix, parsePrefix, type Prefix } from '../ip/index.ts';
import type { DeclaredNetwork } from './link-declarations.ts';
import type { NetworkFileReader } from './network-file-reader.ts';
import type { NetworkFileShape, NetworkShape } from './schema.ts';

type Networks = NonNullable<NetworkFileShape['networks']>;

/** The networks of a network file. Codes: those of `parsePrefix`, `key-missing`, `value-invalid`. */
export function readNetworks(shape: Networks, reader: NetworkFileReader): readonly DeclaredNetwork[] {
  return Object.entries(shape).map(([name, value]) => readNetwork(name, value, reader));
}

function readNetwork(name: string, value: Networks[string], reader: NetworkFileReader): DeclaredNetwork {
  const path = ['networks', name];
  const object: NetworkShape =
    typeof value !== 'string' ? value : value === 'internet' ? { kind: value } : { prefixes: value };
  const inner = typeof value === 'string' ? path : [...path, 'prefixes'];
  const prefixes = readPrefixes(object.prefixes ?? [], inner, reader);
  const kind = object.kind ?? 'lan';
  if (kind === 'lan' && object.prefixes === undefined) {
    reader.note('key-missing', `network '${name}' has no prefix`, path, `write '${name}: 10.5.5.0/24', or 'internet'`);
  }
  const said = kind === 'internet' ? 'internet' : prefixes.map(formatPrefix).join(', ');
  const fact = reader.fact(path, `${name}: ${said}`, 'key');
  // nobody can name everything that is on the internet
  const { unchecked: named } = object;
  const unchecked = named === undefined ? undefined : [named].flat().filter((host) => host !== WRONG);
  return { name, kind, prefixes, complete: object.complete ?? kind === 'lan', ...(unchecked && { unchecked }), fact };
}

function readPrefixes(value: string | readonly string[], path: Path, reader: NetworkFileReader): readonly Prefix[] {
  const one = typeof value === 'string';
  return (one ? [value] : value).flatMap((text, i) => {
    if (text === WRONG) return [];
    const at = one ? path : [...path, i];
    const read = reader.read(parsePrefix(text), at);
    if (read?.length !== 0) return read ? [read] : [];
    reader.note('value-invalid', `'${text}' is no network of neighbours`, at, "write 'internet' for the internet");
    return [];
  });
}
