import * as z from 'zod/mini';
import { formatAddress, parseAddress, type Address, type Diagnostic } from '../ip/index.ts';
import { WRONG, type YamlDocument } from '../dialect/yaml/index.ts';
import type { PageServer } from './enforce/engine.ts';
import { KINDS, SCHEDULERS, type KeepalivedSettings } from './enforce/keepalived-text.ts';
import { said, settingsPart } from './settings-part.ts';
import type { PlaceSettings } from './settings-place.ts';
import type { PortsSettings } from './settings-ports.ts';

/** How blocked visitors get to the page. */
export interface DeliverySettings {
  readonly delivery: {
    readonly way: 'local' | 'keepalived';
    /** Page servers, on this machine or others; none for the way `local` alone: then this machine's own ports. */
    readonly servers: readonly PageServer[];
    /** What they get while no page server answers: the site; or the sorry server, where there is one, else a refusal. */
    readonly gone: 'open' | 'polite';
    /** At most one a family. */
    readonly sorry: readonly Address[];
    /** Where page servers on other machines ask the guard about their visitors; null: nowhere. */
    readonly ask: { readonly address: string; readonly port: number } | null;
    readonly keepalived: KeepalivedSettings;
  };
}

const USUAL: DeliverySettings['delivery'] = {
  way: 'local',
  servers: [],
  gone: 'open',
  sorry: [],
  ask: null,
  keepalived: {
    mark: 2000,
    scheduler: 'wlc',
    kind: 'nat',
    check: 'http',
    every: 6,
    include: '/etc/keepalived/waymark.conf',
    config: '/etc/keepalived/keepalived.conf',
    pid: '/run/keepalived.pid',
  },
};

const oneServer = z.strictObject({
  address: z.string(),
  // IPVS takes more; the way `local` has an element for each
  weight: z.optional(z.int().check(z.minimum(1), z.maximum(100))),
});
const keepalived = z.strictObject({
  mark: said(
    'The mark that leads to the page, exactly; 2000',
    z.optional(z.int().check(z.minimum(1), z.maximum(0xffffffff))),
  ),
  scheduler: said('How connections are spread; wlc', z.optional(z.enum(SCHEDULERS))),
  kind: said('How packets get to a page server; nat', z.optional(z.enum(KINDS))),
  check: said(
    'How page servers are asked whether they live: by their health path, or by connecting alone; http',
    z.optional(z.enum(['http', 'tcp'])),
  ),
  every: said('Seconds between two checks; 6', z.optional(z.int().check(z.minimum(1), z.maximum(3600)))),
  include: said('The file that the guard writes; /etc/keepalived/waymark.conf', z.optional(z.string())),
  config: said('The configuration that includes it; /etc/keepalived/keepalived.conf', z.optional(z.string())),
  pid: said("Keepalived's pid file; /run/keepalived.pid", z.optional(z.string())),
});
const ask = z.strictObject({
  address: z.string(),
  // the guard may not open the first ones as a service
  port: z.int().check(z.minimum(1024), z.maximum(65535)),
});
const delivery = z.strictObject({
  way: said('local, or keepalived; local when not said', z.optional(z.enum(['local', 'keepalived']))),
  servers: said('Page servers; this machine when not said', z.optional(z.array(oneServer))),
  gone: said(
    'What blocked visitors get while no page server answers: open (the site), or polite (the sorry server, else a refusal)',
    z.optional(z.enum(['open', 'polite'])),
  ),
  sorry: said('Where they are led then, one address a family', z.optional(z.array(z.string()).check(z.maxLength(2)))),
  ask: said(
    'Where page servers on other machines ask the guard: an address and a port of its machine',
    z.optional(ask),
  ),
  keepalived: z.optional(keepalived),
});

/** `delivery`. Codes: those of `parseAddress`, `key-missing`, `value-invalid`. */
export const deliverySettings = settingsPart({
  fields: { delivery: said('How blocked visitors get to the page', z.optional(delivery)) },
  usual: { delivery: USUAL },
  read({ delivery: read = {} }, document) {
    const diagnostics: Diagnostic[] = [];
    const addressAt = (text: string, ...path: readonly (string | number)[]): readonly Address[] =>
      addressOf(text, document, ['delivery', ...path], diagnostics);
    const value: DeliverySettings['delivery'] = {
      way: read.way ?? USUAL.way,
      servers: (read.servers ?? []).flatMap(({ address, weight = 1 }, i) =>
        addressAt(address, 'servers', i, 'address').map((a) => ({ address: a, weight })),
      ),
      gone: read.gone ?? USUAL.gone,
      sorry: (read.sorry ?? []).flatMap((text, i) => addressAt(text, 'sorry', i)),
      ask: askOf(read.ask, (text) => addressAt(text, 'ask', 'address')),
      keepalived: { ...USUAL.keepalived, ...(read.keepalived as Partial<KeepalivedSettings>) },
    };
    if (diagnostics.length === 0) diagnostics.push(...contradictions(value, document));
    return { value: { delivery: value }, diagnostics };
  },
});

function askOf(
  said: { readonly address: string; readonly port: number } | undefined,
  read: (text: string) => readonly Address[],
): DeliverySettings['delivery']['ask'] {
  const [address] = said ? read(said.address) : [];
  return said && address ? { address: formatAddress(address), port: said.port } : null;
}

function addressOf(
  text: string,
  document: YamlDocument,
  path: readonly (string | number)[],
  diagnostics: Diagnostic[],
): readonly Address[] {
  if (text === WRONG) return [];
  const address = parseAddress(text);
  if (address.ok) return [address.value];
  const { code, message, hint } = address;
  const span = document.at(path);
  diagnostics.push({ code, severity: 'error', message, span, ...(hint !== undefined && { hint }) });
  return [];
}

function contradictions(value: DeliverySettings['delivery'], document: YamlDocument): readonly Diagnostic[] {
  const { gone, sorry } = value;
  const at = (key: string) => document.at(['delivery', key]);
  const faults: Diagnostic[] = [];
  if (sorry.length > 0 && gone === 'open') {
    const message = 'with `gone: open` blocked visitors see the site, and never the sorry server';
    faults.push({ code: 'value-invalid', severity: 'error', message, hint: 'gone: polite', span: at('sorry') });
  }
  if (new Set(sorry.map((a) => a.family)).size < sorry.length) {
    const message = 'there is one sorry server for IPv4 and one for IPv6';
    faults.push({ code: 'value-invalid', severity: 'error', message, span: at('sorry') });
  }
  return faults;
}

/** What is of no use without page servers, where none is named at all. */
function lacksServers(
  { way, servers, ask }: Pick<DeliverySettings['delivery'], 'way' | 'servers' | 'ask'>,
  document: YamlDocument,
): readonly Diagnostic[] {
  const at = (key: string) => document.at(['delivery', key]);
  if (servers.length > 0 || (saidOf(document)['servers']?.length ?? 0) > 0) return [];
  const faults: Diagnostic[] = [];
  if (way === 'keepalived') {
    const message = 'Keepalived needs page servers to lead to';
    const hint = 'name them: servers: [{ address: 10.10.10.1 }]';
    faults.push({ code: 'key-missing', severity: 'error', message, hint, span: at('way') });
  }
  if (ask) {
    const message = 'only page servers may ask, and none is named';
    const hint = 'servers: [{ address: 10.10.10.1 }]';
    faults.push({ code: 'key-missing', severity: 'error', message, hint, span: at('ask') });
  }
  return faults;
}

/** What stands below `delivery`, as it was written. */
const saidOf = (document: YamlDocument): Readonly<Partial<Record<string, readonly unknown[]>>> =>
  ((document.value ?? {}) as { readonly delivery?: Record<string, readonly unknown[]> | null }).delivery ?? {};

/**
 * Where other settings do not fit. Keepalived: packets of one mark keep their ports, or all get the same. Codes:
 * `key-missing`, `value-invalid`, `setting-unused`.
 */
export function deliveryFaults(
  { engine, ports, delivery }: DeliverySettings & PortsSettings & PlaceSettings,
  document: YamlDocument,
): readonly Diagnostic[] {
  const { way, servers, keepalived } = delivery;
  if (engine === 'nginx' || engine === 'haproxy') {
    const notFor = [...(way === 'keepalived' ? ['way'] : []), ...(servers.length > 0 ? ['servers'] : [])];
    if (notFor.length === 0) return unusedByProxy(engine, document);
    const what = way === 'keepalived' ? 'Keepalived is' : 'page servers elsewhere are';
    const message = `${engine} brings blocked visitors to the page by itself, on this machine: ${what} for nft and iptables`;
    const hint = `take ${notFor.map((key) => `\`${key}\``).join(' and ')} out of \`delivery\`, or let the firewall carry blocks out: engine: nft`;
    return [{ code: 'value-invalid', severity: 'error', message, hint, span: document.at(['delivery', notFor[0]!]) }];
  }
  const lacking = lacksServers(delivery, document);
  if (lacking.length > 0) return lacking;
  const isSame = ports.every((p) => p.page === p.site);
  if (way === 'local' || isSame || (ports.length === 1 && keepalived.kind === 'nat')) return [];
  const message =
    keepalived.kind === 'nat'
      ? 'one mark leads all ports to one: with several, the page answers on the same ports as the site'
      : 'only `kind: nat` translates ports: the page answers on the same ports as the site';
  const hint = `ports: [${ports.map((p) => `{ site: ${p.site}, page: ${p.site} }`).join(', ')}]`;
  return [{ code: 'value-invalid', severity: 'error', message, hint, span: document.at(['ports']) }];
}

/** What a proxy makes no use of. `gone` counts there too: it says what becomes of a page server that ends. */
function unusedByProxy(engine: string, document: YamlDocument): readonly Diagnostic[] {
  const unused = ['way', 'sorry', 'ask', 'keepalived'].filter((key) => Object.hasOwn(saidOf(document), key));
  return unused.map((key) => {
    const message = `${engine} brings blocked visitors to the page by itself: \`${key}\` is not used`;
    const hint = 'take it out, or let the firewall carry blocks out: engine: nft';
    return { code: 'setting-unused', severity: 'warning', message, hint, span: document.at(['delivery', key], 'key') };
  });
}
