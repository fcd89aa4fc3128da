import { basename, join } from 'node:path/posix';
import { recogniseFacts } from '../dialect/index.ts';
import type { Diagnostic, Parsed, Span } from '../ip/index.ts';
import type { Host, Network } from '../model/index.ts';
import { looksLikeBundle, parseBundles } from './bundle.ts';
import { hostFromBundle } from './host-from-bundle.ts';
import { hostFromSystem } from './host-from-system.ts';
import { link } from './link.ts';
import { noDeclarations, type Declarations } from './link-declarations.ts';
import type { Files } from './network-file-reader.ts';
import { parseNetworkFile } from './network-file.ts';
import { otherInput } from './other-input.ts';

/** What was read so far. */
interface Gathered {
  readonly hosts: Host[];
  networks: Declarations['networks'];
  expectations: Declarations['expectations'];
  readonly diagnostics: Diagnostic[];
  /** Texts of network files, by source. */
  readonly texts: Map<string, string>;
}

/**
 * The network of a file or folder: a network file, bundles, or a folder with both. In a folder, network files are those
 * named `*.yaml` or `*.yml`; bundles that no network file names are hosts too, and what another system said of itself in a
 * file `HOST.facts`; other files are passed over. Codes:
 * `file-missing`, `input-unrecognised`, those of `parseNetworkFile`, `parseBundles`, `hostFromBundle` and `link`.
 */
export function loadNetwork(path: string, files: Files): Parsed<Network> {
  return gather((gathered) => {
    const names = files.list(path);
    const text = names.length > 0 ? null : files.read(path);
    if (names.length > 0) readFolder(path, names, files, gathered);
    else if (text !== null) readText(text, path, files, gathered);
    else
      complain(
        gathered,
        'file-missing',
        `there is no file or folder '${path.slice(0, 200)}'`,
        'name a network file, a bundle, or a folder of both',
      );
  });
}

/** The network of a text that was read already, a network file or bundles. `source` is its name, `-` for standard input. */
export function loadText(text: string, source: string, files: Files): Parsed<Network> {
  return gather((gathered) => readText(text, source, files, gathered));
}

function gather(read: (gathered: Gathered) => void): Parsed<Network> {
  const gathered: Gathered = { hosts: [], ...noDeclarations, diagnostics: [], texts: new Map() };
  read(gathered);
  const { hosts, networks, expectations, diagnostics, texts } = gathered;
  const linked = link(hosts, { networks, expectations });
  const placed = linked.diagnostics.map((d) => (d.span ? { ...d, span: placeInLine(d.span, texts) } : d));
  return { value: linked.value, diagnostics: [...diagnostics, ...placed] };
}

function readText(
  text: string,
  source: string,
  files: Files,
  gathered: Gathered,
  otherHosts: readonly string[] = [],
): void {
  if (looksLikeBundle(text)) {
    readBundles(text, source, gathered);
    return;
  }
  const other = otherInput(text, source);
  if (other) {
    gathered.diagnostics.push(other);
    return;
  }
  const { value, diagnostics } = parseNetworkFile(text, source, files, otherHosts);
  gathered.hosts.push(...value.hosts);
  const known = new Set(gathered.networks.map((n) => n.name));
  gathered.networks = [...gathered.networks, ...value.declarations.networks.filter((n) => !known.has(n.name))];
  gathered.expectations = [...gathered.expectations, ...value.declarations.expectations];
  gathered.diagnostics.push(...diagnostics);
  gathered.texts.set(source, text);
}

function readBundles(text: string, source: string, gathered: Gathered): void {
  const bundles = parseBundles(text, source);
  gathered.diagnostics.push(...bundles.diagnostics);
  for (const bundle of bundles.value) {
    const { value, diagnostics } = hostFromBundle(bundle);
    gathered.hosts.push(value);
    gathered.diagnostics.push(...diagnostics);
  }
}

/** A text of another system than Linux, of the host that the file is named for; any other is passed over. */
function readPaste(text: string, source: string, gathered: Gathered): void {
  const language = recogniseFacts(text);
  if (!language) return;
  const { value, diagnostics } = language.parse(text, source);
  const name = basename(source, '.facts');
  gathered.hosts.push({
    name,
    ...hostFromSystem(value),
    neighbours: [],
    openvpn: [],
    virtualServers: [],
    knowledge: 'collected',
    manager: 'unknown',
    fact: { source, line: 0, text: name },
  });
  gathered.diagnostics.push(...diagnostics);
}

function readFolder(path: string, names: readonly string[], files: Files, gathered: Gathered): void {
  const used = new Set<string>();
  const read = (file: string): string | null => {
    used.add(join(file));
    return files.read(file);
  };
  const visible = names.filter((n) => !n.startsWith('.')).sort();
  const isYaml = (name: string): boolean => /\.ya?ml$/i.test(name);
  const isFolder = (name: string): boolean => files.list(join(path, name)).length > 0;
  const before = gathered.texts.size + gathered.hosts.length;
  const yaml = visible.filter(isYaml);
  // a first reading shows which bundles the network files take for their hosts; what is left are hosts of their own
  for (const name of yaml) parseNetworkFile(files.read(join(path, name)) ?? '', join(path, name), { ...files, read });
  const others: Gathered = { ...gathered, hosts: [] };
  for (const name of visible.filter((n) => !isYaml(n) && !used.has(join(path, n)) && !isFolder(n))) {
    const text = files.read(join(path, name));
    if (text !== null && looksLikeBundle(text)) readBundles(text, join(path, name), others);
    else if (text !== null && name.endsWith('.facts')) readPaste(text, join(path, name), others);
  }
  const otherHosts = others.hosts.map((h) => h.name);
  for (const name of yaml) {
    const text = files.read(join(path, name));
    if (text !== null) readText(text, join(path, name), files, gathered, otherHosts);
  }
  gathered.hosts.push(...others.hosts);
  if (gathered.texts.size + gathered.hosts.length > before) return;
  complain(
    gathered,
    'input-unrecognised',
    `in '${path}' there is no network file and no bundle`,
    `network files are named '*.yaml'`,
  );
}

function complain(
  gathered: Gathered,
  code: 'file-missing' | 'input-unrecognised',
  message: string,
  hint: string,
): void {
  gathered.diagnostics.push({ code, severity: 'error', message, hint });
}

/** What link() shows is the piece of the file that says so: here it gets its place in the line. */
function placeInLine(span: Span, texts: ReadonlyMap<string, string>): Span {
  const line = texts.get(span.source)?.split('\n')[span.line - 1]?.replace(/\r$/, '');
  if (line === undefined) return span;
  const at = line.indexOf(span.text ?? '');
  const start = at < 0 ? line.length - line.trimStart().length : at;
  const length = at < 0 ? Math.max(1, line.trim().length) : span.length;
  return { ...span, column: start + 1, length, text: line };
}
