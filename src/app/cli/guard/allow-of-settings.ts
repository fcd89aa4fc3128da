import {
  ALLOW_KINDS,
  allowedByList,
  allowedByName,
  parseList,
  type AllowEntry,
  type AllowKind,
  type GuardSettings,
  type Somebody,
} from '../../../guard/index.ts';
import type { Machine } from '../../../host/index.ts';
import {
  formatAddress,
  hostPrefix,
  type Address,
  type Diagnostic,
  type Parsed,
  type Prefix,
} from '../../../ip/index.ts';
import { addressesOf } from './names.ts';

/** However wide: nobody is harmed by being allowed. */
const ANY_WIDTH = { 4: 0, 6: 0 } as const;

/** Where names led when they last led anywhere: a name server that is out of order takes nobody from the list. */
export type KnownNames = Map<string, readonly Address[]>;

/**
 * Whoever the settings name as never to be blocked; names are looked up, files are read. Codes: those of `Machine.readFile`
 * and `parseList`; `name-unresolved`, a warning.
 */
export async function allowedBySettings(
  machine: Machine,
  settings: GuardSettings,
  known: KnownNames = new Map(),
): Promise<Parsed<readonly AllowEntry[]>> {
  const all = ALLOW_KINDS.flatMap((kind) => settings[kind].map((who) => entriesFor(machine, who, { kind, known })));
  const read = await Promise.all(all);
  const { servers, sorry } = settings.delivery;
  const pages = [...servers.map((s) => s.address), ...sorry].map((address) => ({ prefix: hostPrefix(address) }));
  const value = [...read.flatMap((r) => r.value), ...allowedByList(pages, 'pageServers')];
  return { value, diagnostics: read.flatMap((r) => r.diagnostics) };
}

/** The proxies in front that the settings name. */
export async function proxiesOf(machine: Machine, settings: GuardSettings): Promise<readonly Prefix[]> {
  const read = await Promise.all(
    settings.proxies.map((who) => entriesFor(machine, who, { kind: 'proxies', known: new Map() })),
  );
  return read.flatMap(({ value }) => value.map((entry) => entry.prefix));
}

interface Looking {
  readonly kind: AllowKind;
  readonly known: KnownNames;
}

async function entriesFor(
  machine: Machine,
  who: Somebody,
  { kind, known }: Looking,
): Promise<Parsed<readonly AllowEntry[]>> {
  if (who.kind === 'prefix') return { value: allowedByList([who], kind), diagnostics: [] };
  if (who.kind === 'file') return fromFile(machine, who.path, kind);
  const addresses = await addressesOf(machine, who.name);
  if (addresses.length > 0) known.set(who.name, addresses);
  const former = known.get(who.name) ?? [];
  const value = allowedByName(who.name, former, kind);
  return { value, diagnostics: addresses.length === 0 ? [unresolved(who.name, former)] : [] };
}

async function fromFile(machine: Machine, path: string, kind: AllowKind): Promise<Parsed<readonly AllowEntry[]>> {
  const text = await machine.readFile(path);
  if (!text.ok) return { value: [], diagnostics: [{ severity: 'error', ...text }] };
  const { value, diagnostics } = parseList(text.value, path, ANY_WIDTH);
  const entries = value.entries.map(({ prefix, reason }) => ({ prefix, reason: reason ?? path }));
  return { value: allowedByList(entries, kind), diagnostics };
}

const unresolved = (name: string, former: readonly Address[]): Diagnostic => ({
  code: 'name-unresolved',
  severity: 'warning',
  message:
    former.length > 0
      ? `${name} leads to no address at the moment: it stays with ${former.map(formatAddress).join(', ')}`
      : `${name} leads to no address at the moment: whoever it means may be blocked`,
});
