import { formatAddress, isLinkLocal, parseAddress, sameAddress, type Address, type Fact } from '../ip/index.ts';
import type { Interface, InterfaceAddress, InterfaceKind } from '../model/index.ts';
import type { WrittenInterface } from './network-file-interfaces.ts';
import { sameNetwork } from './network-file-kernel-routes.ts';
import type { NetworkFileReader } from './network-file-reader.ts';

/** Builds the interfaces of a host that nobody collected facts from: lo, those written, in order. Codes: `name-duplicate`, `address-duplicate`. */
export function buildInterfaces(
  written: readonly WrittenInterface[],
  host: Fact,
  reader: NetworkFileReader,
): readonly Interface[] {
  const taken = new Set(['lo', ...written.flatMap((w) => w.name ?? [])]);
  const seen = new Set<string>();
  const built = [
    loopback(
      written.filter((w) => w.name === 'lo'),
      host,
    ),
  ];
  for (const w of written.filter((x) => x.name !== 'lo')) {
    const name = w.name ?? firstFree(taken);
    taken.add(name);
    if (seen.has(name))
      reader.note('name-duplicate', `interface '${name}' is here twice`, w.path, 'give each its own name');
    else built.push(buildInterface(name, built.length + 1, w, reader));
    seen.add(name);
  }
  return built;
}

function firstFree(taken: ReadonlySet<string>): string {
  let n = 0;
  while (taken.has(`eth${n}`)) n++;
  return `eth${n}`;
}

function buildInterface(name: string, index: number, w: WrittenInterface, reader: NetworkFileReader): Interface {
  const up = w.shape.up ?? true;
  const { mtu, mac } = w.shape;
  return {
    name,
    index,
    kind: kindOf(name),
    mtu: mtu ?? 1500,
    up,
    carrier: up,
    fact: w.fact,
    addresses: buildAddresses(w, reader),
    ...(mac !== undefined && { mac: mac.toLowerCase() }),
    ...(w.network !== undefined && { link: w.network }),
  };
}

function buildAddresses(w: WrittenInterface, reader: NetworkFileReader): readonly InterfaceAddress[] {
  const built: InterfaceAddress[] = [];
  for (const { address, length, fact, path } of w.addresses) {
    if (built.some((a) => sameAddress(a.address, address))) {
      reader.note('address-duplicate', `${formatAddress(address)} is here twice`, path, 'keep one of them');
      continue;
    }
    const secondary = built.some((a) => sameNetwork(a, { address, length }));
    const scope = address.family === 6 && isLinkLocal(address) ? 'link' : 'global';
    built.push({ address, length, scope, secondary, deprecated: false, fact });
  }
  return built;
}

/** The kind that a name stands for, as Linux programs name them. */
function kindOf(name: string): InterfaceKind {
  if (/^tun\d*$/.test(name)) return 'tun';
  if (/^(tunl|ip6tnl|ipip)\d*$/.test(name)) return 'ipip';
  return /^wg\d*$/.test(name) ? 'wireguard' : 'ethernet';
}

function loopback(written: readonly WrittenInterface[], fact: Fact): Interface {
  const own = ['127.0.0.1', '::1'].flatMap((text): InterfaceAddress[] => {
    const read = parseAddress(text);
    if (!read.ok) return [];
    const { value: address } = read;
    return [
      { address, length: address.family === 4 ? 8 : 128, scope: 'host', secondary: false, deprecated: false, fact },
    ];
  });
  const others = written.flatMap((w) => w.addresses).filter((a) => !own.some((o) => sameAddress(o.address, a.address)));
  const added = others.map(({ address, length, fact: said }): InterfaceAddress => ({
    address,
    length,
    scope: 'global',
    secondary: false,
    deprecated: false,
    fact: said,
  }));
  return {
    name: 'lo',
    index: 1,
    kind: 'loopback',
    mtu: 65536,
    up: true,
    carrier: true,
    addresses: [...own, ...added],
    fact,
  };
}

/**
 * Collected interfaces with the links that the file names: by interface name, else by address. An address that the
 * facts do not have gets the code `value-invalid`.
 */
export function nameLinks(
  collected: readonly Interface[],
  written: readonly WrittenInterface[],
  reader: NetworkFileReader,
): readonly Interface[] {
  const links = new Map<string, string>();
  for (const w of written) {
    const found = collected.find((i) =>
      w.name === undefined ? w.addresses.some((a) => hasAddress(i, a.address)) : i.name === w.name,
    );
    if (found && w.network !== undefined) links.set(found.name, w.network);
    const lost = w.addresses.filter((a) => !collected.some((i) => hasAddress(i, a.address)));
    for (const { address, path } of lost) {
      reader.note(
        'value-invalid',
        `the facts of this host do not have ${formatAddress(address)}`,
        path,
        'collect them again, or take it out',
        'warning',
      );
    }
    if (found || lost.length > 0) continue;
    const hint =
      reader.nearest(
        w.name ?? '',
        collected.map((i) => i.name),
      ) ?? 'name an interface or an address that the facts have';
    reader.note(
      'name-unknown',
      `the facts of this host have no interface '${w.name ?? 'for this network'}'`,
      w.path,
      hint,
    );
  }
  return collected.map((i) => {
    const link = links.get(i.name);
    return link === undefined ? i : { ...i, link };
  });
}

const hasAddress = (i: Interface, address: Address): boolean =>
  i.addresses.some((a) => sameAddress(a.address, address));
