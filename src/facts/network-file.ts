import { readYaml, readShape, WRONG } from '../dialect/yaml/index.ts';
import { parseAddress, type Diagnostic, type Parsed } from '../ip/index.ts';
import type { Expectation, Host } from '../model/index.ts';
import { parseExpectation } from './expectation.ts';
import { noDeclarations, type Declarations } from './link-declarations.ts';
import { assumeDefaultRoute, defaultRouteTargets } from './network-file-default-route.ts';
import { draftHost, finishHost } from './network-file-host.ts';
import { readNetworks } from './network-file-networks.ts';
import { NetworkFileReader, type Files } from './network-file-reader.ts';
import { addTunnelRoutes } from './network-file-tunnel-routes.ts';
import { addTunnelInterfaces } from './network-file-tunnel.ts';
import { addWireGuardRoutes } from './network-file-wireguard-routes.ts';
import { knownKeys, networkFileSchema, type NetworkFileShape } from './schema.ts';

const SHAPE = { schema: networkFileSchema, empty: {}, knownKeys };

/** What a network file says: hosts, not yet linked, and the rest. */
export interface NetworkFile {
  readonly hosts: readonly Host[];
  readonly declarations: Declarations;
}

/**
 * Reads a network file (docs/network-file.md) and the files it names, which `files` finds by paths that count from its
 * folder. `otherHosts` are names that stand elsewhere, in bundles beside it. All faults are noted at once. Codes: `yaml-invalid`, `input-too-large`, `key-unknown`, `key-missing`,
 * `value-invalid`, `name-unknown`, `name-duplicate`, `address-duplicate`, `file-missing`, `input-unrecognised`,
 * `expectation-invalid`, and those of the parsers of addresses, routes, filters, facts and OpenVPN.
 */
export function parseNetworkFile(
  text: string,
  source: string,
  files: Files,
  otherHosts: readonly string[] = [],
): Parsed<NetworkFile> {
  const yaml = readYaml(text, source);
  if (!yaml.value) return { value: { hosts: [], declarations: noDeclarations }, diagnostics: yaml.diagnostics };
  const shape = readShape(yaml.value, SHAPE);
  const reader = new NetworkFileReader(yaml.value, files);
  reader.add([...yaml.diagnostics, ...shape.diagnostics]);
  const value = readFile(shape.value, reader, otherHosts);
  return { value, diagnostics: inOrder(reader.diagnostics, source) };
}

/** Faults of the file itself from top to bottom, then those of other files. */
function inOrder(diagnostics: readonly Diagnostic[], source: string): readonly Diagnostic[] {
  const own = diagnostics.filter((d) => d.span?.source === source);
  const place = ({ span }: Diagnostic): number => (span ? span.line * 1e7 + span.column : 0);
  return [...own.sort((a, b) => place(a) - place(b)), ...diagnostics.filter((d) => d.span?.source !== source)];
}

function readFile(shape: NetworkFileShape, reader: NetworkFileReader, otherHosts: readonly string[]): NetworkFile {
  const networks = readNetworks(shape.networks ?? {}, reader);
  const byName = new Map(networks.map((n) => [n.name, n]));
  const drafts = addTunnelInterfaces(readDrafts(shape, byName, reader));
  const targets = defaultRouteTargets(drafts, networks);
  const hosts = drafts.map((draft) => {
    const finished = assumeDefaultRoute(draft, finishHost(draft, reader), targets);
    const quick = addWireGuardRoutes(addTunnelRoutes(finished, draft.ends), draft.quicks);
    reader.add(quick.diagnostics);
    return quick.host;
  });
  const names = new Set([...byName.keys(), ...hosts.map((h) => h.name), ...otherHosts]);
  return { hosts, declarations: { networks, expectations: readExpectations(shape.expect ?? [], names, reader) } };
}

function readDrafts(
  shape: NetworkFileShape,
  networks: Parameters<typeof draftHost>[2],
  reader: NetworkFileReader,
): readonly ReturnType<typeof draftHost>[] {
  return Object.entries(shape.hosts ?? {}).map(([name, host]) => {
    const path = ['hosts', name];
    if (networks.has(name)) {
      const span = reader.at(path, 'key');
      reader.add([
        {
          code: 'name-duplicate',
          severity: 'error',
          message: `'${name}' is a host and a network`,
          hint: 'give one of them another name',
          span,
        },
      ]);
    }
    if (parseAddress(name).ok)
      reader.note('value-invalid', `the name '${name}' is an address`, path, 'give the host a name');
    return draftHost(name, host ?? {}, networks, reader);
  });
}

function readExpectations(
  texts: readonly string[],
  names: ReadonlySet<string>,
  reader: NetworkFileReader,
): readonly Expectation[] {
  const speakers = {
    has: (n: string): boolean => names.has(n),
    nearest: (n: string): string | undefined => reader.nearest(n, names),
  };
  return texts.flatMap((text, i) => {
    if (text === WRONG) return [];
    const path = ['expect', i];
    const read = reader.take(parseExpectation(text, reader.fact(path, text), reader.at(path), speakers));
    return read ? [read] : [];
  });
}
