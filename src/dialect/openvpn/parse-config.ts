import type { Diagnostic, Parsed } from '../../ip/index.ts';
import type { OpenVpn } from '../../model/index.ts';
import { about, readDirectives, type Directive } from './directive.ts';
import { complain, emptyDraft, type Draft } from './draft.ts';
import { firstOf } from './first-diagnostics.ts';
import { HANDLERS, PUSHED } from './handlers.ts';
import { HARMLESS, NOT_MODELLED, SCRIPTS } from './known-directives.ts';
import { splitWords } from './words.ts';

/** A configuration, with the other files that it names, as written there. */
export interface OpenVpnConfig extends OpenVpn {
  readonly extra: {
    readonly clientConfigDir?: string;
    readonly statusFile?: string;
    /** The management socket, when it is a file. */
    readonly managementSocket?: string;
    /** Whether `topology` was said, or is the default of the version. */
    readonly topologyWritten: boolean;
  };
}

/** Finds the text of a file that a `config` line names. */
export type Include = (path: string) => { readonly text: string; readonly source: string } | undefined;

const DEFAULT_PORT = 1194;
/** So many files are read in all; OpenVPN itself goes ten deep (options.c). */
const MAX_FILES = 50;

/**
 * Reads an OpenVPN configuration (openvpn(8), 2.4 to 2.7). Keys are skipped without being read. Clients come from the
 * client directory and the status: see `joinOpenVpn`. Codes: `value-invalid`, `port-invalid`, `address-*`, `prefix-*`,
 * `netmask-missing`, `line-unknown`, `line-not-modelled`, `file-missing`, `input-cut-off`, `key-missing`.
 */
export function parseOpenVpnConfig(text: string, source: string, include?: Include): Parsed<OpenVpnConfig> {
  const draft = emptyDraft();
  let files = 0;
  const limited: Include = (path) => (++files > MAX_FILES ? undefined : include?.(path));
  const directives = readAll(text, source, limited, draft.diagnostics);
  for (const d of directives) apply(draft, d);
  return { value: finish(draft, source, telling(directives)), diagnostics: firstOf(draft.diagnostics, source) };
}

/** The line that says best what this is. */
function telling(directives: readonly Directive[]): Directive | undefined {
  const roles = ['server', 'server-ipv6', 'mode', 'client', 'pull', 'ifconfig'];
  return directives.find((d) => roles.includes(d.name)) ?? directives[0];
}

function readAll(text: string, source: string, include: Include, diagnostics: Diagnostic[]): Directive[] {
  const read = readDirectives(text, source);
  diagnostics.push(...read.diagnostics);
  return read.value.flatMap((d) => {
    if (d.name !== 'config') return [d];
    const path = d.args[0]?.text ?? '';
    const file = include(path);
    if (file) return readAll(file.text, file.source, include, diagnostics);
    const message = `the configuration '${path.slice(0, 200)}' could not be read`;
    diagnostics.push(about(d, { code: 'file-missing', severity: 'warning', message }, 0));
    return [];
  });
}

function apply(draft: Draft, d: Directive): void {
  const handler = Object.hasOwn(HANDLERS, d.name) ? HANDLERS[d.name] : undefined;
  if (handler) handler(draft, d);
  else if (d.name === 'push') applyPush(draft, d);
  else judgeOther(draft, d);
}

/** Says what is to be said of a directive that has no handler. */
export function judgeOther(draft: Pick<Draft, 'diagnostics'>, d: Directive): void {
  if (HARMLESS.has(d.name)) return;
  const what = Object.hasOwn(NOT_MODELLED, d.name) ? NOT_MODELLED[d.name] : undefined;
  if (what !== undefined) {
    complain(draft, d, ['line-not-modelled', SCRIPTS.has(d.name) ? 'note' : 'warning', what]);
  } else {
    complain(draft, d, ['line-unknown', 'warning', `'${d.name.slice(0, 60)}' is not a directive that is known here`]);
  }
}

function applyPush(draft: Draft, d: Directive): void {
  const inner = d.args[0];
  if (!inner) return; // its words were left behind by the collector, as they route nothing
  const { words } = splitWords(inner.text);
  const name = words[0]?.text ?? '';
  const handler = Object.hasOwn(PUSHED, name) ? PUSHED[name] : undefined;
  const args = words.slice(1).map((w) => ({ text: w.text, column: inner.column + w.column }));
  if (handler) handler(draft, { ...d, name, args });
  else if (Object.hasOwn(HANDLERS, name))
    complain(draft, d, ['line-not-modelled', 'note', `a pushed '${name}' is not followed`], 0);
  else judgeOther(draft, { ...d, name, args });
}

function finish(draft: Draft, source: string, first: Directive | undefined): OpenVpnConfig {
  const role = draft.isServer ? 'server' : draft.pulls ? 'client' : 'peer';
  const remotes = draft.remotes.map(({ host, port, connection }) => ({
    host,
    port: port ?? draft.blockPorts.get(connection) ?? draft.rport ?? DEFAULT_PORT,
  }));
  return {
    role,
    dev: draft.dev,
    protocol: draft.protocol ?? 'udp',
    port: role === 'client' ? (remotes[0]?.port ?? draft.rport ?? DEFAULT_PORT) : (draft.lport ?? DEFAULT_PORT),
    remotes,
    topology: draft.topology ?? (role === 'peer' ? 'p2p' : 'net30'),
    serverPrefixes: draft.serverPrefixes,
    addresses: draft.addresses,
    clientToClient: draft.clientToClient,
    routes: withMetric(draft, draft.routes),
    pushedRoutes: draft.pushedRoutes,
    redirectGateway: draft.redirectGateway,
    ...(draft.refusesRoutes ? { refusesRoutes: true } : {}),
    dco: false,
    clients: [],
    idleIroutes: [],
    statusKnown: false,
    fact: first?.fact ?? { source, line: 0, text: '' },
    extra: extraOf(draft),
  };
}

function withMetric(draft: Draft, routes: Draft['routes']): OpenVpn['routes'] {
  const metric = draft.routeMetric;
  return metric === undefined ? routes : routes.map((r) => (r.metric === undefined ? { ...r, metric } : r));
}

function extraOf(draft: Draft): OpenVpnConfig['extra'] {
  const { clientConfigDir, statusFile, managementSocket, topology } = draft;
  return {
    topologyWritten: topology !== undefined,
    ...(clientConfigDir === undefined ? {} : { clientConfigDir }),
    ...(statusFile === undefined ? {} : { statusFile }),
    ...(managementSocket === undefined ? {} : { managementSocket }),
  };
}
