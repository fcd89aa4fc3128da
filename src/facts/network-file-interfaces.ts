import { WRONG, type Path } from '../dialect/yaml/index.ts';
import {
  bitsOf,
  contains,
  formatAddress,
  formatPrefix,
  isLinkLocal,
  isPrivate,
  lastAddress,
  parseAddressWithLength,
  sameAddress,
  type Address,
  type Fact,
} from '../ip/index.ts';
import type { DeclaredNetwork } from './link-declarations.ts';
import type { NetworkFileReader } from './network-file-reader.ts';
import type { AttachmentShape, HostShape } from './schema.ts';

/** An interface as written: what it is called, where it is attached, what addresses it has. */
export interface WrittenInterface {
  readonly name?: string;
  /** Absent for an interface on no network. */
  readonly network?: string;
  readonly addresses: readonly WrittenAddress[];
  readonly shape: AttachmentShape;
  readonly path: Path;
  readonly fact: Fact;
}

/** One address as written. */
export interface WrittenAddress {
  readonly address: Address;
  readonly length: number;
  readonly fact: Fact;
  readonly path: Path;
}

/** Length that an address on a network without prefixes has when none is written. */
const UNSAID_LENGTH = { 4: 24, 6: 64 } as const;

/** What a host's `on` and `interfaces` say. Codes: those of `parseAddress`, `name-unknown`, `value-invalid`. */
export function readInterfaces(
  host: string,
  shape: HostShape,
  networks: ReadonlyMap<string, DeclaredNetwork>,
  reader: NetworkFileReader,
): readonly WrittenInterface[] {
  const on = Object.entries(shape.on ?? {}).flatMap(([name, value]) => {
    const path = ['hosts', host, 'on', name];
    const network = networks.get(name);
    if (!network) {
      const hint = reader.nearest(name, networks.keys()) ?? `add '${name}' to networks`;
      reader.add([
        {
          code: 'name-unknown',
          severity: 'error',
          message: `there is no network '${name}'`,
          hint,
          span: reader.at(path, 'key'),
        },
      ]);
    }
    return attachmentsOf(value, path).map((a) => readOne(a, { name, network }, reader));
  });
  const others = Object.entries(shape.interfaces ?? {}).map(([name, value]) => {
    const path = ['hosts', host, 'interfaces', name];
    const bare = typeof value === 'string' || Array.isArray(value);
    const object: AttachmentShape = bare ? { addresses: value } : value;
    return readOne(
      { shape: { ...object, interface: name }, path, inner: bare ? path : [...path, 'addresses'] },
      null,
      reader,
    );
  });
  return [...on, ...others];
}

interface Attachment {
  readonly shape: AttachmentShape;
  readonly path: Path;
  /** Where its addresses stand. */
  readonly inner: Path;
}

/** One an interface: a list of addresses is one interface, each object of a list is one of its own. */
function attachmentsOf(value: NonNullable<HostShape['on']>[string], path: Path): readonly Attachment[] {
  const whole = (shape: AttachmentShape): Attachment => ({ shape, path, inner: path });
  const object = (shape: AttachmentShape, at: Path): Attachment => ({ shape, path: at, inner: [...at, 'addresses'] });
  if (typeof value === 'string') return [whole({ addresses: value })];
  if (!Array.isArray(value)) return [object(value, path)];
  const objects = value.flatMap((v, i) => (typeof v === 'string' ? [] : [object(v, [...path, i])]));
  const texts = value.map((v) => (typeof v === 'string' ? v : WRONG));
  const isOne = objects.length === 0 || texts.some((t) => t !== WRONG);
  return [...(isOne ? [whole({ addresses: texts })] : []), ...objects];
}

interface On {
  readonly name: string;
  readonly network: DeclaredNetwork | undefined;
}

function readOne({ shape, path, inner }: Attachment, on: On | null, reader: NetworkFileReader): WrittenInterface {
  const value = shape.addresses ?? [];
  const texts =
    typeof value === 'string' ? [{ text: value, at: inner }] : value.map((text, i) => ({ text, at: [...inner, i] }));
  const addresses = texts.flatMap(({ text, at }) => {
    const read = text === WRONG ? null : readAddress(text, at, on, reader);
    return read ? [read] : [];
  });
  const said = [...(shape.interface === undefined ? [] : [shape.interface]), ...texts.map((t) => t.text)].join(', ');
  const fact = reader.fact(path, `${on?.name ?? 'interfaces'}: ${said}`, 'key');
  const name = shape.interface;
  return { shape, path, fact, addresses, ...(name !== undefined && { name }), ...(on && { network: on.name }) };
}

function readAddress(text: string, path: Path, on: On | null, reader: NetworkFileReader): WrittenAddress | null {
  const read = reader.read(parseAddressWithLength(text), path);
  if (!read) return null;
  const { address } = read;
  const home = on?.network?.prefixes.find((p) => contains(p, address));
  const fact = reader.fact(path, on ? `${on.name}: ${text}` : text);
  const known = (on?.network?.prefixes ?? []).filter((p) => p.address.family === address.family);
  if (on && !home && known.length > 0 && !isLinkLocal(address)) {
    const blocks = known.map(formatPrefix).join(', ');
    reader.note(
      'value-invalid',
      `${formatAddress(address)} is not in network '${on.name}'`,
      path,
      `its addresses are in ${blocks}`,
    );
  }
  if (on?.network?.kind === 'internet' && isPrivate(address) && !isLinkLocal(address)) {
    reader.note(
      'value-invalid',
      `${formatAddress(address)} is private: the internet does not carry it`,
      path,
      undefined,
      'warning',
    );
  }
  const unsaid = on ? (home?.length ?? UNSAID_LENGTH[address.family]) : bitsOf(address.family);
  const length = text.includes('/') ? read.length : unsaid;
  if (home && address.family === 4 && home.length < 31 && sameAddress(address, lastAddress(home))) {
    reader.note(
      'value-invalid',
      `${text} is the broadcast address of '${on!.name}'`,
      path,
      'no host has it',
      'warning',
    );
  }
  return { address, length, fact, path };
}
