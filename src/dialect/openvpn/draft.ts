import {
  addToAddress,
  parseAddressWithLength,
  type Address,
  type Diagnostic,
  type DiagnosticCode,
  type Prefix,
  type Severity,
} from '../../ip/index.ts';
import type { OpenVpn, OpenVpnRoute } from '../../model/index.ts';
import { about, type Directive } from './directive.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** A `remote` line; its port may be said elsewhere. */
export interface DraftRemote {
  readonly host: string;
  readonly port: number | undefined;
  readonly connection: number;
}

/** What a configuration has said so far. */
export interface Draft {
  isServer: boolean;
  pulls: boolean;
  dev: string;
  protocol: OpenVpn['protocol'] | undefined;
  lport: number | undefined;
  rport: number | undefined;
  topology: OpenVpn['topology'] | undefined;
  readonly remotes: DraftRemote[];
  /** Ports that `<connection>` blocks name, by block. */
  readonly blockPorts: Map<number, number>;
  readonly serverPrefixes: Prefix[];
  readonly addresses: Address[];
  clientToClient: boolean;
  readonly routes: Writable<OpenVpnRoute>[];
  readonly pushedRoutes: Writable<OpenVpnRoute>[];
  redirectGateway: boolean;
  refusesRoutes: boolean;
  routeMetric: number | undefined;
  clientConfigDir: string | undefined;
  statusFile: string | undefined;
  managementSocket: string | undefined;
  readonly diagnostics: Diagnostic[];
}

/** A configuration that has said nothing yet. */
export const emptyDraft = (): Draft => ({
  isServer: false,
  pulls: false,
  dev: 'tun',
  protocol: undefined,
  lport: undefined,
  rport: undefined,
  topology: undefined,
  remotes: [],
  blockPorts: new Map(),
  serverPrefixes: [],
  addresses: [],
  clientToClient: false,
  routes: [],
  pushedRoutes: [],
  redirectGateway: false,
  refusesRoutes: false,
  routeMetric: undefined,
  clientConfigDir: undefined,
  statusFile: undefined,
  managementSocket: undefined,
  diagnostics: [],
});

/** Notes a problem with a directive, at one of its arguments. */
export function complain(
  draft: Pick<Draft, 'diagnostics'>,
  d: Directive,
  [code, severity, message, hint]: readonly [DiagnosticCode, Severity, string, (string | undefined)?],
  at?: number,
): void {
  draft.diagnostics.push(about(d, { code, severity, message, hint }, at));
}

/** The whole number in argument `at`, between `from` and `to`; nothing (and a diagnostic) when it is none. */
export function readNumber(
  draft: Draft,
  d: Directive,
  at: number,
  [from, to]: readonly [number, number],
): number | undefined {
  const word = d.args[at]?.text ?? '';
  const n = /^\d{1,10}$/.test(word) ? Number(word) : NaN;
  if (n >= from && n <= to) return n;
  complain(draft, d, ['value-invalid', 'error', `'${d.name}' needs a number from ${from} to ${to} here`], at);
  return undefined;
}

/** The port in argument `at`. Names of services are looked up by OpenVPN on its own machine only. */
export function readPort(draft: Draft, d: Directive, at: number): number | undefined {
  const word = d.args[at]?.text ?? '';
  if (word === 'openvpn') return 1194;
  const n = /^\d{1,5}$/.test(word) ? Number(word) : 0;
  if (n >= 1 && n <= 65535) return n;
  if (/^0+$/.test(word)) return 0;
  complain(
    draft,
    d,
    ['port-invalid', 'error', `'${word.slice(0, 30)}' is not a port`, 'write a number from 1 to 65535'],
    at,
  );
  return undefined;
}

/** The address in argument `at`, of either family, with the length behind its slash or its whole length. */
export function readAddress(
  draft: Pick<Draft, 'diagnostics'>,
  d: Directive,
  at: number,
): { readonly address: Address; readonly length: number } | undefined {
  const read = parseAddressWithLength(d.args[at]?.text ?? '');
  if (read.ok) return read.value;
  complain(draft, d, [read.code, 'error', read.message, read.hint], at);
  return undefined;
}

/** The server's own address in its network: the first. */
export const firstHost = (prefix: Prefix): Address => addToAddress(prefix.address, 1);
