import { basename } from 'node:path/posix';
import { parseWgQuick, type WgQuick } from '../dialect/wireguard/index.ts';
import { WRONG, type Path } from '../dialect/yaml/index.ts';
import { sameAddress } from '../ip/index.ts';
import type { Interface, InterfaceAddress } from '../model/index.ts';
import { sameNetwork } from './network-file-kernel-routes.ts';
import type { NetworkFileReader } from './network-file-reader.ts';
import type { HostShape, WireGuardShape } from './schema.ts';

/** A host's files of wg-quick. Codes: those of `parseWgQuick`, `file-missing`, `name-duplicate`. */
export function readWireGuard(host: string, shape: HostShape, reader: NetworkFileReader): readonly WgQuick[] {
  const value = shape.wireguard;
  if (value === undefined) return [];
  const path = ['hosts', host, 'wireguard'];
  const several = Array.isArray(value) ? value.map((v, i) => ({ value: v, at: [...path, i] })) : [{ value, at: path }];
  const found: WgQuick[] = [];
  for (const { value: one, at } of several) {
    if (one === WRONG) continue;
    const written = typeof one === 'string' ? { config: one } : one;
    const read = readOne(written, typeof one === 'string' ? at : [...at, 'config'], found, reader);
    if (!read) continue;
    if (found.some((f) => f.wireguard.dev === read.wireguard.dev))
      reader.note('name-duplicate', `interface '${read.wireguard.dev}' is here twice`, at, 'give each its own name');
    else found.push(read);
  }
  return found;
}

function readOne(
  shape: WireGuardShape,
  at: Path,
  before: readonly WgQuick[],
  reader: NetworkFileReader,
): WgQuick | null {
  const text = reader.text(shape.config, at);
  if (!text) return null;
  const dev = shape.interface ?? fileName(shape.config) ?? `wg${before.length}`;
  const quick = reader.take(parseWgQuick(text.text, text.source, dev));
  const key = shape['public-key'];
  return key === undefined ? quick : { ...quick, wireguard: { ...quick.wireguard, publicKey: key } };
}

/** wg-quick calls the interface after its file. */
const fileName = (config: string): string | undefined =>
  config.includes('\n') ? undefined : /^([a-zA-Z0-9_=+.-]{1,15})\.conf$/.exec(basename(config))?.[1];

/** The interfaces that wg-quick makes beside those that are there. */
export function wireGuardInterfaces(quicks: readonly WgQuick[], there: readonly Interface[]): readonly Interface[] {
  const made = quicks.filter((q) => !there.some((i) => i.name === q.wireguard.dev));
  return made.map((quick, n): Interface => ({
    name: quick.wireguard.dev,
    index: there.length + n + 1,
    kind: 'wireguard',
    mtu: quick.mtu ?? 1420,
    up: true,
    carrier: true,
    addresses: addressesOf(quick),
    fact: quick.wireguard.fact,
  }));
}

function addressesOf({ addresses }: WgQuick): readonly InterfaceAddress[] {
  const built: InterfaceAddress[] = [];
  for (const { address, length, fact } of addresses) {
    if (built.some((a) => sameAddress(a.address, address))) continue;
    const secondary = built.some((a) => sameNetwork(a, { address, length }));
    built.push({ address, length, scope: 'global', secondary, deprecated: false, fact });
  }
  return built;
}
