import { sameAddress, type Fact } from '../ip/index.ts';
import { TABLE, type Host, type Interface, type InterfaceAddress, type Route } from '../model/index.ts';
import {
  parseAddresses,
  parseRouteListing,
  parseRoutes,
  recogniseFacts,
  type FactsLanguage,
} from '../dialect/index.ts';
import { looksLikeBundle, parseBundles } from './bundle.ts';
import { hostFromBundle } from './host-from-bundle.ts';
import { hostFromSystem, withWritten } from './host-from-system.ts';
import { kernelRoutes } from './network-file-kernel-routes.ts';
import type { WrittenInterface } from './network-file-interfaces.ts';
import type { ForeignText, NetworkFileReader } from './network-file-reader.ts';
import type { HostShape } from './schema.ts';

/** What facts give of a host; parts that they do not speak of are absent. */
export type HostFacts = Partial<Host> & { readonly fact: Fact };

/**
 * The facts that a host's `facts` names: a bundle, the output of `ip [-j] route` or `ip -j addr`, or what another system
 * says of itself (`FACTS_LANGUAGES`). `written` are its interfaces as the file has them. Null without any facts. Codes:
 * `file-missing`, `input-unrecognised`, those of the parsers.
 */
export function readHostFacts(
  host: string,
  shape: HostShape,
  written: readonly WrittenInterface[],
  reader: NetworkFileReader,
): HostFacts | null {
  if (shape.facts === undefined) return null;
  const path = ['hosts', host, 'facts'];
  const text = reader.text(shape.facts, path);
  if (!text) return null;
  if (looksLikeBundle(text.text)) return fromBundles(host, text, reader);
  const fact: Fact = { source: text.source, line: 0, text: host };
  if (/^\s*\[\s*\{[^}]*"ifname"/.test(text.text)) {
    const interfaces = reader.take(parseAddresses(text.text, text.source));
    return { interfaces, routes: interfaces.flatMap((i) => kernelRoutes(i, false)), fact };
  }
  const isJson = /^\s*\[\s*[{\]]/.test(text.text) || /^\s*\[\s*$/.test(text.text);
  const language = isJson || LISTING.test(text.text) ? undefined : recogniseFacts(text.text);
  if (language) return { ...fromSystem(language, shape, text, { host, written, reader }), fact };
  if (!isJson && !LISTING.test(text.text)) {
    reader.note(
      'input-unrecognised',
      `${text.source} is no bundle, and no listing of routes or addresses of a system that is known here`,
      path,
      `make a bundle with 'waymark collect'; docs/network-file.md says what else is read`,
    );
    return null;
  }
  const routes = reader.take(isJson ? parseRoutes(text.text, text.source) : parseRouteListing(text.text, text.source));
  return { ...fromRoutes(routes, fact), fact };
}

/** A line as `ip route` prints it. */
const LISTING = /^(default|[a-z]+ [\da-f.:/]+|[\da-f.:]+(\/\d+)?) (via|dev|proto|table|nhid|metric|scope)\b/m;

interface Asked {
  readonly host: string;
  readonly written: readonly WrittenInterface[];
  readonly reader: NetworkFileReader;
}

function fromSystem(
  language: FactsLanguage,
  shape: HostShape,
  { text, source }: ForeignText,
  { host, written, reader }: Asked,
): Partial<Host> {
  const read = withWritten(reader.take(language.parse(text, source)), written);
  const path = ['hosts', host, 'facts'];
  if (read.table === 'none' && shape.routes === undefined) {
    const message = `${source} says nothing of routes: ${host} is taken to know its own networks alone`;
    reader.note('line-limited', message, path, `add what these print: ${language.commands}`, 'warning');
  }
  if (!read.interfaces.some((i) => i.kind !== 'loopback' && i.addresses.length > 0)) {
    const message = `${source} says no address of ${host}`;
    reader.note('fact-unreadable', message, path, `add what these print: ${language.commands}`);
  }
  return hostFromSystem(shape.system === undefined ? read : { ...read, system: shape.system });
}

function fromBundles(host: string, text: ForeignText, reader: NetworkFileReader): HostFacts | null {
  const bundles = reader.take(parseBundles(text.text, text.source));
  const read = bundles.map((bundle) => ({
    bundle,
    name: bundles.length === 1 ? host : hostFromBundle(bundle).value.name,
  }));
  const own = read.find((r) => r.name === host);
  if (own) return reader.take(hostFromBundle(own.bundle, { name: host }));
  if (bundles.length === 0) return null;
  const names = read.map((r) => r.name);
  const hint = reader.nearest(host, names) ?? `it has ${names.slice(0, 10).join(', ')}`;
  reader.note('name-unknown', `${text.source} has no host '${host}'`, ['hosts', host, 'facts'], hint);
  return null;
}

/** From routes alone: the interfaces they name, with the addresses that the kernel's own routes prefer as source. */
function fromRoutes(routes: readonly Route[], fact: Fact): Pick<Host, 'interfaces' | 'routes'> {
  const names = [...new Set(routes.flatMap((r) => r.nexthops.flatMap((h) => h.dev ?? [])))].filter((n) => n !== 'lo');
  const interfaces = names.map((name, i): Interface => {
    const addresses = addressesBy(routes, name);
    const kind = /^(tun|tap)\d*$/.test(name) ? 'tun' : /^wg\d*$/.test(name) ? 'wireguard' : 'ethernet';
    return {
      name,
      index: i + 2,
      kind,
      mtu: 1500,
      up: true,
      carrier: true,
      addresses,
      fact: addresses[0]?.fact ?? fact,
    };
  });
  if (routes.some((r) => r.table === TABLE.local)) return { interfaces, routes };
  const local = interfaces.flatMap((i) => kernelRoutes(i, false)).filter((r) => r.table === TABLE.local);
  return { interfaces, routes: [...routes, ...local] };
}

function addressesBy(routes: readonly Route[], dev: string): readonly InterfaceAddress[] {
  const own = routes.filter(
    (r) => r.protocol === 'kernel' && r.source && r.type === 'unicast' && r.nexthops[0]?.dev === dev,
  );
  return own.flatMap((r, i): InterfaceAddress[] => {
    const address = r.source!;
    if (own.findIndex((o) => sameAddress(o.source!, address)) !== i) return [];
    return [{ address, length: r.prefix.length, scope: 'global', secondary: false, deprecated: false, fact: r.fact }];
  });
}
