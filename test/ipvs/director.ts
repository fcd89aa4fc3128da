import { expect } from 'vitest';
import { loadText } from '../../src/facts/index.ts';
import type { Network } from '../../src/model/index.ts';
import { askFor } from '../../src/reach/index.ts';
import { roundTrip, type RoundTrip } from '../../src/trace/index.ts';

/** What of the director's network differs from one case to the next. */
export interface Director {
  /** Lines of `ipvsadm-save -n`. */
  readonly ipvs: readonly string[];
  /** What prerouting does with the visitor's packets, in the words of iptables. */
  readonly mangle?: readonly string[];
  readonly filter?: readonly string[];
  readonly nat?: readonly string[];
  /** The director's settings, in the words of sysctl. */
  readonly settings?: Readonly<Record<string, string | number>>;
  /** Routes besides the default one, in the words of `ip route`. */
  readonly routes?: readonly string[];
  /** More of the director, in YAML. */
  readonly more?: readonly string[];
  /** The whole of page1, in YAML. */
  readonly page1?: string;
}

const PAGE = '{ on: { pages: 10.10.10.1 }, routes: [default via 10.10.10.254], filter: none }';

const table = (name: string, lines: readonly string[] = []): string =>
  lines.length === 0 ? '' : [`      *${name}`, ...lines.map((l) => `      ${l}`), '      COMMIT', ''].join('\n');

/**
 * A visitor 198.51.100.10, a director www (203.0.113.10 outside, 10.10.10.254 inside) and behind it the page servers page1
 * and page2.
 */
export function directorNetwork(d: Director): Network {
  const settings = Object.entries(d.settings ?? {}).map(([key, value]) => `      ${key}: ${value}`);
  const tables = `${table('mangle', d.mangle)}${table('filter', d.filter)}${table('nat', d.nat)}`;
  const text = `
networks:
  outside: 203.0.113.0/24
  home: 198.51.100.0/24
  pages: 10.10.10.0/24
hosts:
  visitor: { on: { home: 198.51.100.10 }, routes: [default via 198.51.100.1], filter: none }
  isp: { on: { home: 198.51.100.1, outside: 203.0.113.1 }, forwards: true, filter: none, routes: [10.10.10.0/24 via 203.0.113.10] }
  www:
    on: { outside: 203.0.113.10, pages: 10.10.10.254 }
    forwards: true
    routes: [${['default via 203.0.113.1', ...(d.routes ?? [])].join(', ')}]
${tables === '' ? '    filter: none' : `    iptables: |\n${tables}`}
${settings.length > 0 ? `    settings:\n${settings.join('\n')}` : ''}
    ipvs: |
${d.ipvs.map((l) => `      ${l}`).join('\n')}
${(d.more ?? []).map((l) => `    ${l}`).join('\n')}
  page1: ${d.page1 ?? PAGE}
  page2: { on: { pages: 10.10.10.2 }, routes: [default via 10.10.10.254], filter: none }
`;
  const { value, diagnostics } = loadText(text, 'director.yaml', { read: () => null, list: () => [] });
  expect(diagnostics.filter((x) => x.severity === 'error')).toEqual([]);
  return value;
}

/** Asks the site from the visitor, or from somebody else. */
export function ask(network: Network, port = 80, from = 'visitor', to = '203.0.113.10'): RoundTrip {
  const question = askFor(network, from, to, { protocol: 'tcp', port });
  if (!question.ok) throw new Error(question.message);
  return roundTrip(network, question.value);
}

/** Who took it and how it ended, one line a branch, in order. */
export const told = (trip: RoundTrip): string[] =>
  [trip, ...trip.otherwise].map((t) => `${t.to} ${t.verdict} ${t.sees.kind}`).sort();
