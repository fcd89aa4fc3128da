import {
  parseAddresses,
  parseNeighbours,
  parseRouteListing,
  parseRoutes,
  parseRuleListing,
  parseRules,
  parseSettings,
} from '../dialect/index.ts';
import type { Family, Parsed } from '../ip/index.ts';
import { defaultRules, type Host, type Interface } from '../model/index.ts';
import { sectionOf } from './bundle.ts';
import { isGood, noteFailure, readSection, sourceOf, type Reading } from './host-from-bundle-reading.ts';

/** What of a host its kernel knows. */
export type Kernel = Pick<Host, 'interfaces' | 'routes' | 'rules' | 'neighbours' | 'settings'>;

/** What the kernel itself says: interfaces, routes, policy rules, neighbours, settings. */
export function readKernel(reading: Reading): Kernel {
  const families = [4, 6] as const;
  return {
    interfaces: readInterfaces(reading),
    routes: families.flatMap((family) =>
      readSection(reading, ipCommand(reading, `-${family}`, 'route'), either(parseRoutes, parseRouteListing), []),
    ),
    rules: families.flatMap((family) => readRules(reading, family)).sort((a, b) => a.priority - b.priority),
    neighbours: readSection(reading, ipCommand(reading, 'neigh'), either(parseNeighbours, noListing), []),
    settings: readSection(reading, 'grep -H . /proc/sys/net', parseSettings, new Map()),
  };
}

/** The bundle's `ip` command with these words: its options depend on what the host's `ip` can do. */
function ipCommand(reading: Reading, ...words: readonly string[]): string {
  const found = reading.bundle.sections.find(({ command }) => {
    const parts = command.split(' ');
    return parts[0] === 'ip' && words.every((w) => parts.includes(w));
  });
  return found?.command ?? `ip -j ${words.join(' ')} show`;
}

type Parser<T> = (text: string, source: string) => Parsed<T>;

/** The parser for JSON, or that for lines where the host's `ip` prints no JSON. */
const either =
  <T>(json: Parser<T>, listing: Parser<T>): Parser<T> =>
  (text, source) =>
    /^\s*(\[|$)/.test(text) ? json(text, source) : listing(text, source);

/** Without JSON the neighbours are passed over: they only spare the kernel a question. */
const noListing = (): Parsed<never[]> => ({ value: [], diagnostics: [] });

function readRules(reading: Reading, family: Family): Host['rules'] {
  const parse = either(
    (text, source) => parseRules(text, source, family),
    (text, source) => parseRuleListing(text, source, family),
  );
  return readSection(reading, ipCommand(reading, `-${family}`, 'rule'), parse, defaultRules(family));
}

function readInterfaces(reading: Reading): readonly Interface[] {
  const command = ipCommand(reading, 'addr');
  const section = sectionOf(reading.bundle, command);
  if (!isGood(section)) {
    noteFailure(reading, command, 'error');
    return [];
  }
  const interfaces = readSection(reading, command, either(parseAddresses, noInterfaces), []);
  const names = namespaceNames(reading);
  return interfaces.map((i) => {
    const namespace = i.peer?.namespace === undefined ? undefined : names.get(i.peer.namespace);
    return i.peer && namespace !== undefined ? { ...i, peer: { ...i.peer, namespace } } : i;
  });
}

const noInterfaces: Parser<never[]> = (_, source) => ({
  value: [],
  diagnostics: [
    {
      code: 'fact-unreadable',
      severity: 'error',
      message: `${source}: this host's ip prints no JSON`,
      hint: 'install iproute2 (on OpenWrt: ip-full) and collect again',
    },
  ],
});

/** The names of the namespaces that this one knows by number: `nsid 0 (iproute2 netns name: office)`. */
function namespaceNames(reading: Reading): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const line of sectionOf(reading.bundle, 'ip netns list-id')?.text.split('\n') ?? []) {
    const m = /^nsid (\d+) .*\(iproute2 netns name: (\S+)\)/.exec(line);
    if (m) names.set(m[1]!, m[2]!);
  }
  return names;
}

/** The name of the network namespace that was collected, or of the machine. */
export function nameOf(reading: Reading): string {
  const line = (command: string): string => sectionOf(reading.bundle, command)?.text.split('\n')[0]?.trim() ?? '';
  return line('ip netns identify') || line('uname -n') || 'host';
}

/** Where the host's name was read. */
export function nameFact(reading: Reading): Host['fact'] {
  return { source: sourceOf(reading.bundle, 'uname -n'), line: 1, text: nameOf(reading) };
}
