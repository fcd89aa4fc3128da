import {
  bitsOf,
  formatPrefix,
  sameAddress,
  formatAddress,
  type Address,
  type Diagnostic,
  type Parsed,
} from '../../ip/index.ts';
import type { IdleIroute, OpenVpn, OpenVpnClient } from '../../model/index.ts';
import type { CcdFile } from './parse-ccd.ts';
import type { OpenVpnConfig } from './parse-config.ts';
import type { OpenVpnStatus, StatusClient, StatusRoute } from './parse-status.ts';

/** The file of a client-config-dir for clients that have none of their own. */
const FALLBACK = 'DEFAULT';

/**
 * One OpenVPN process from its configuration, its client directory (files by common name) and its status, where that
 * could be read. With a status, the networks behind a connected client are those that the process itself lists; one
 * that only the client directory names is idle and gets the code `iroute-not-active`. So is every one of a process whose
 * configuration names no `client-config-dir`: it reads no client file.
 */
export function joinOpenVpn(
  config: OpenVpnConfig,
  directory: ReadonlyMap<string, CcdFile>,
  status?: OpenVpnStatus,
): Parsed<OpenVpn> {
  const isRead = config.extra.clientConfigDir !== undefined;
  const ccd = isRead ? directory : new Map<string, CcdFile>();
  const idle: IdleIroute[] = isRead ? [] : [...directory].flatMap(([name, file]) => idleOf(name, file));
  const known = config.role === 'server' && status?.kind === 'server' ? status : undefined;
  const routes = routesByClient(known);
  const connected = known?.clients.map((c) => connectedClient(c, routes.get(keyOf(c)) ?? [], ccd, idle)) ?? [];
  const here = new Set(connected.map((c) => c.commonName));
  const others = [...ccd].filter(([name]) => name !== FALLBACK && !here.has(name));
  const clients = [...connected, ...others.map(([name, file]) => configuredClient(name, file, known !== undefined))];
  const { extra, ...plain } = config;
  return {
    value: {
      ...plain,
      topology: topologyOf(plain, extra, known),
      dco: known?.dco ?? false,
      clients,
      idleIroutes: idle,
      statusKnown: known !== undefined,
    },
    diagnostics: idle.map(notActive),
  };
}

/** A server without a `topology` line uses net30 up to 2.6 and subnet from 2.7 (Changes.rst). */
function topologyOf(config: OpenVpn, extra: OpenVpnConfig['extra'], status?: OpenVpnStatus): OpenVpn['topology'] {
  if (extra.topologyWritten || config.role !== 'server') return config.topology;
  const m = /^(\d+)\.(\d+)/.exec(status?.version ?? '');
  return m && (Number(m[1]) > 2 || Number(m[2]) >= 7) ? 'subnet' : config.topology;
}

function configuredClient(commonName: string, file: CcdFile, statusKnown: boolean): OpenVpnClient {
  const { addresses, iroutes, fact, disabled } = file;
  const gone = statusKnown || disabled;
  return { commonName, addresses, iroutes, fact, ...(gone ? { connected: false } : {}) };
}

function connectedClient(
  client: StatusClient,
  own: readonly StatusRoute[],
  ccd: ReadonlyMap<string, CcdFile>,
  idle: IdleIroute[],
): OpenVpnClient {
  const file = ccd.get(client.commonName) ?? ccd.get(FALLBACK);
  const configured = new Set(file?.iroutes.map((r) => formatPrefix(r.prefix)));
  const isOwn = (r: StatusRoute): boolean => isOwnAddress(r, client, configured);
  const active = own.filter((r) => !isOwn(r)).map(({ prefix, fact }) => ({ prefix, fact }));
  const addresses = distinct([...client.addresses, ...own.filter(isOwn).map((r) => r.prefix.address)]);
  const listed = new Set(own.map((r) => formatPrefix(r.prefix)));
  for (const { prefix, fact } of file?.iroutes ?? [])
    if (!listed.has(formatPrefix(prefix))) idle.push({ commonName: client.commonName, prefix, why: 'not-taken', fact });
  return {
    commonName: client.commonName,
    ...(client.realAddress ? { realAddress: client.realAddress } : {}),
    ...(client.realPort === undefined ? {} : { realPort: client.realPort }),
    addresses,
    iroutes: active,
    connected: true,
    fact: client.fact,
  };
}

const idleOf = (commonName: string, { iroutes }: CcdFile): IdleIroute[] =>
  iroutes.map(({ prefix, fact }) => ({ commonName, prefix, why: 'no-directory', fact }));

function notActive({ commonName, prefix, why, fact }: IdleIroute): Diagnostic {
  const hint =
    why === 'no-directory'
      ? 'its configuration names no client-config-dir, so it reads no client file'
      : 'it is read when the client connects: let it connect again, and look whether the file can be read';
  return {
    code: 'iroute-not-active',
    severity: 'warning',
    message: `OpenVPN does not use the iroute ${formatPrefix(prefix)} of client '${commonName}'`,
    hint,
    span: { source: fact.source, line: fact.line, column: 1, length: Math.max(1, fact.text.length), text: fact.text },
  };
}

/**
 * Whether a line of the routing table is the client's own address: an iroute for one host looks the same, but version
 * 2 and 3 also list the client's addresses, and the client file names the iroute.
 */
function isOwnAddress(r: StatusRoute, client: StatusClient, configured: ReadonlySet<string>): boolean {
  const { address, length } = r.prefix;
  if (length !== bitsOf(address.family)) return false;
  const listed = client.addresses.filter((a) => a.family === address.family);
  if (listed.length > 0) return listed.some((a) => sameAddress(a, address));
  return !configured.has(formatPrefix(r.prefix));
}

function distinct(addresses: readonly Address[]): Address[] {
  return [...new Map(addresses.map((a) => [formatAddress(a), a])).values()];
}

/** Two clients may have one name, but not one outside address. */
const keyOf = (c: { readonly commonName: string; readonly real: string }): string => `${c.real} ${c.commonName}`;

function routesByClient(status: OpenVpnStatus | undefined): ReadonlyMap<string, readonly StatusRoute[]> {
  const byClient = new Map<string, StatusRoute[]>();
  for (const route of status?.routes ?? []) {
    if (route.learned) continue;
    const list = byClient.get(keyOf(route));
    if (list) list.push(route);
    else byClient.set(keyOf(route), [route]);
  }
  return byClient;
}
