import {
  formatPrefix,
  parseAddressWithLength,
  prefixOf,
  success,
  type Parsed,
  type Prefix,
  type Result,
} from '../../ip/index.ts';
import type { Route } from '../../model/index.ts';
import type { RouteDialect } from '../route-dialect.ts';
import { factOf, linesOf, readerOf } from '../route-lines.ts';
import { routeOf } from '../route-parts.ts';
import type { Diagnostic } from '../../ip/index.ts';

const TUNNEL = 'wg0';
const LINE = /^\s*AllowedIPs\s*=\s*(.*?)\s*(#.*)?$/i;

/** `AllowedIPs` of a peer, of which wg-quick makes routes. Host bits are cut off, as wg does. Source: wg(8), wg-quick(8). */
export const wireguardRoutes: RouteDialect = {
  name: 'wireguard',
  words: ['wg', 'wg-quick', 'allowedips'],
  title: 'WireGuard, AllowedIPs',
  limits: {
    families: [4, 6],
    rejects: [],
    lacks: ['type', 'several-hops', 'tos', 'table', 'metric', 'source', 'mtu', 'onlink', 'scope', 'weight'],
    tunnel: TUNNEL,
  },
  recognise: (text) => (text.split('\n').some((line) => LINE.test(line)) ? 'yes' : 'no'),
  parse: parseAllowedIps,
  print: (routes) => `AllowedIPs = ${routes.map((r) => formatPrefix(r.prefix)).join(', ')}\n`,
  advice: () => [
    'it belongs to the [Peer] behind which these networks are; a network that another peer has is taken from it',
  ],
};

function parseAllowedIps(text: string, source: string): Parsed<readonly Route[]> {
  const value: Route[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const line of linesOf(text, source)) {
    const list = LINE.exec(line.text)?.[1];
    if (list === undefined) continue;
    const reader = readerOf(line);
    let column = line.text.indexOf(list, line.text.indexOf('=')) + 1;
    for (const part of list.split(',')) {
      const word = part.trim();
      const span = { source, line: line.number, column: column + part.indexOf(word), length: Math.max(1, word.length), text: line.text }; // prettier-ignore
      column += part.length + 1;
      const prefix = word === '' ? undefined : reader.read({ text: word, span }, network);
      if (prefix) value.push(routeOf({ prefix, hops: [{ dev: TUNNEL }] }, factOf(line)));
    }
    diagnostics.push(...reader.diagnostics);
  }
  return { value, diagnostics };
}

function network(text: string): Result<Prefix> {
  const read = parseAddressWithLength(text);
  return read.ok ? success(prefixOf(read.value.address, read.value.length)) : read;
}
