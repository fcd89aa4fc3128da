import {
  parseAddress,
  parsePrefix,
  type Address,
  type Diagnostic,
  type Fact,
  type Parsed,
  type Prefix,
} from '../../ip/index.ts';
import { firstOf } from './first-diagnostics.ts';

/** A client that is connected, as the server's status lists it. */
export interface StatusClient {
  readonly commonName: string;
  /** As written; it ties the client to its lines in the routing table. */
  readonly real: string;
  readonly realAddress?: Address;
  readonly realPort?: number;
  /** Its addresses in the tunnel; version 1 has none here. */
  readonly addresses: readonly Address[];
  readonly fact: Fact;
}

/** A line of the server's own routing table. */
export interface StatusRoute {
  readonly commonName: string;
  readonly real: string;
  /** A network behind the client (`iroute`), or an address of one host. */
  readonly prefix: Prefix;
  /** A host behind the client, learned from traffic (suffix C): no line of any configuration. */
  readonly learned: boolean;
  readonly fact: Fact;
}

/** What OpenVPN says about itself. */
export interface OpenVpnStatus {
  /** A client's status has numbers only. */
  readonly kind: 'server' | 'client';
  /** `2.6.14`, where said. */
  readonly version?: string;
  readonly dco: boolean;
  readonly clients: readonly StatusClient[];
  readonly routes: readonly StatusRoute[];
}

type Columns = ReadonlyMap<string, number>;

interface StatusDraft {
  kind?: 'server' | 'client';
  version?: string;
  dco: boolean;
  clients: StatusClient[];
  routes: StatusRoute[];
  ended: boolean;
  table?: string;
  readonly columns: Map<string, Columns>;
  readonly diagnostics: Diagnostic[];
}

interface Row {
  readonly fields: readonly string[];
  readonly fact: Fact;
}

/**
 * Reads a status file of version 1, 2 or 3, or the same from a management socket (lines with `>` are passed over).
 * Columns are found by their headings, because they grew over the years. Codes: `input-unrecognised`,
 * `input-cut-off` (no END), `value-invalid`, `line-unknown`.
 */
export function parseOpenVpnStatus(text: string, source: string): Parsed<OpenVpnStatus> {
  const draft: StatusDraft = { dco: false, clients: [], routes: [], ended: false, columns: new Map(), diagnostics: [] };
  for (const [i, raw] of text.split('\n').entries()) {
    const line = raw.replace(/\r$/, '');
    if (line === '' || line.startsWith('>')) continue;
    if (line === 'END') {
      draft.ended = true;
      break;
    }
    readLine(draft, {
      fields: line.split(line.includes('\t') ? '\t' : ','),
      fact: { source, line: i + 1, text: line },
    });
    if (draft.kind === undefined && i > 50) break;
  }
  const { kind, version, dco, clients, routes, diagnostics } = draft;
  if (kind === undefined) {
    diagnostics.push({
      code: 'input-unrecognised',
      severity: 'error',
      message: `${source} is not a status of OpenVPN`,
    });
  } else if (!draft.ended) {
    diagnostics.push({
      code: 'input-cut-off',
      severity: 'warning',
      message: `${source} has no END: the status is not whole`,
    });
  }
  return {
    value: { kind: kind ?? 'client', ...(version ? { version } : {}), dco, clients, routes },
    diagnostics: firstOf(diagnostics, source),
  };
}

function readLine(draft: StatusDraft, row: Row): void {
  const [head, ...rest] = row.fields;
  switch (head) {
    case 'TITLE':
    case 'OpenVPN CLIENT LIST':
      draft.kind = 'server';
      draft.version = /OpenVPN (\d+\.\d+[\w.]*)/.exec(rest[0] ?? '')?.[1] ?? draft.version ?? '';
      return;
    case 'OpenVPN STATISTICS':
      draft.kind = 'client';
      return;
    case 'HEADER':
      draft.columns.set(rest[0] ?? '', columnsOf(rest.slice(1)));
      return;
    case 'CLIENT_LIST':
    case 'ROUTING_TABLE':
      readRow(draft, head, { ...row, fields: rest });
      return;
    case 'GLOBAL_STATS':
      if (rest[0] === 'dco_enabled') draft.dco = rest[1] === '1';
      return;
    case 'TIME':
    case 'Updated':
      return;
    default:
      readVersion1(draft, row);
  }
}

/** Version 1 has one table under the other, each with a line of headings. */
function readVersion1(draft: StatusDraft, row: Row): void {
  const head = row.fields[0]!;
  if (draft.kind === 'client') return;
  if (head === 'Common Name') {
    draft.table = 'CLIENT_LIST';
    draft.columns.set(draft.table, columnsOf(row.fields));
  } else if (head === 'ROUTING TABLE') {
    draft.table = 'ROUTING_TABLE';
  } else if (head === 'Virtual Address') {
    draft.columns.set('ROUTING_TABLE', columnsOf(row.fields));
  } else if (head === 'GLOBAL STATS') {
    draft.table = 'GLOBAL_STATS';
  } else if (draft.table === 'GLOBAL_STATS') {
    if (head === 'dco_enabled') draft.dco = row.fields[1] === '1';
  } else if (draft.kind === 'server' && draft.table !== undefined) {
    readRow(draft, draft.table, row);
  } else {
    draft.diagnostics.push(problem(row.fact, 'line-unknown', 'this line of the status is not known here'));
  }
}

const columnsOf = (names: readonly string[]): Columns => new Map(names.map((name, i) => [name, i]));

function readRow(draft: StatusDraft, table: string, row: Row): void {
  const columns = draft.columns.get(table);
  const get = (name: string): string => row.fields[columns?.get(name) ?? -1] ?? '';
  if (!columns || row.fields.length < columns.size) {
    draft.diagnostics.push(problem(row.fact, 'value-invalid', 'this line of the status has too few columns'));
  } else if (table === 'CLIENT_LIST') {
    draft.clients.push(clientOf(get, row.fact));
  } else {
    const route = routeOf(get, row.fact);
    if (route === 'mac') return; // a tap device: layer 2
    if (route) draft.routes.push(route);
    else
      draft.diagnostics.push(
        problem(row.fact, 'value-invalid', `'${get('Virtual Address').slice(0, 60)}' is not an address`),
      );
  }
}

function clientOf(get: (name: string) => string, fact: Fact): StatusClient {
  const addresses = [get('Virtual Address'), get('Virtual IPv6 Address')]
    .map(parseAddress)
    .flatMap((r) => (r.ok ? [r.value] : []));
  const real = get('Real Address');
  return { commonName: get('Common Name'), real, ...readReal(real), addresses, fact };
}

function routeOf(get: (name: string) => string, fact: Fact): StatusRoute | 'mac' | undefined {
  const text = get('Virtual Address');
  const learned = text.endsWith('C');
  const bare = (learned ? text.slice(0, -1) : text).replace(/@\d+$/, '');
  if (/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(bare)) return 'mac';
  const prefix = parsePrefix(bare);
  if (!prefix.ok) return undefined;
  return { commonName: get('Common Name'), real: get('Real Address'), prefix: prefix.value, learned, fact };
}

/** `198.51.100.10:4321`, `[2001:db8::1]:4321`, an IPv6 address alone (2.6), each also with `udp4:` in front (2.7). */
function readReal(text: string): { realAddress?: Address; realPort?: number } {
  const bare = text.replace(/^(udp|tcp)[46]?(-server|-client)?:/, '');
  const m = /^\[([^\]]+)\]:(\d+)$/.exec(bare) ?? /^([\d.]+):(\d+)$/.exec(bare);
  const address = parseAddress(m?.[1] ?? bare);
  if (!address.ok) return {};
  return { realAddress: address.value, ...(m ? { realPort: Number(m[2]) } : {}) };
}

const problem = (fact: Fact, code: 'value-invalid' | 'line-unknown', message: string): Diagnostic => ({
  code,
  severity: 'warning',
  message,
  span: { source: fact.source, line: fact.line, column: 1, length: Math.max(1, fact.text.length), text: fact.text },
});
