import type { Network } from '../../model/index.ts';
import type { RoundTrip } from '../../trace/index.ts';
import { endWordsShort } from '../hop-sentence.ts';
import { printable } from '../lines.ts';
import { planOf, type Plan, type Way } from './plan.ts';
import { LIGHT } from './svg-style.ts';

/**
 * The network as a Mermaid flow chart: hosts and bands as nodes, addresses on the lines between them; the way there as
 * thick numbered arrows from host to host, the way back dotted, a crossed line where it dies. `trip` may be null.
 */
export function mermaid(network: Network, trip: RoundTrip | null): string {
  const plan = planOf(network, trip);
  const bands = plan.bands.map((b, i) => `  b${i}(["${escape([b.name, ...b.prefixes].join(', '))}"]):::${b.kind}`);
  const hosts = plan.hosts.map((name, h) => `  h${h}["${escape(name)}"]:::host`);
  const edges = plan.bands.flatMap((b, i) =>
    b.members.map(
      (m) => `  h${plan.hosts.indexOf(m.host)} ---|"${escape([...m.addresses, m.interface].join(' '))}"| b${i}`,
    ),
  );
  const ways = plan.ways.map((way) => wayEdges(plan, way, trip));
  const styles = ways.flatMap((lines, w) => {
    const first = edges.length + ways.slice(0, w).reduce((sum, l) => sum + l.edges.length, 0);
    const numbers = lines.edges.map((_, i) => first + i);
    return numbers.length === 0
      ? []
      : [`  linkStyle ${numbers.join(',')} stroke:${LIGHT[plan.ways[w]!.kind]},stroke-width:3px`];
  });
  const nodes = ways.flatMap((w) => w.nodes);
  return [
    'flowchart LR',
    ...hosts,
    ...bands,
    ...nodes,
    ...edges,
    ...ways.flatMap((w) => w.edges),
    ...styles,
    ...classes(),
    '',
  ].join('\n');
}

const classes = (): string[] => [
  `  classDef host fill:${LIGHT.box},stroke:${LIGHT.edge},color:${LIGHT.text}`,
  ...(['lan', 'tunnel', 'internet'] as const).map(
    (k) => `  classDef ${k} fill:${LIGHT[k]},stroke:${LIGHT.edge},color:${LIGHT.text}`,
  ),
  `  classDef dead fill:${LIGHT.deadCard},stroke:${LIGHT.dead},color:${LIGHT.dead}`,
];

function wayEdges(plan: Plan, way: Way, trip: RoundTrip | null): { nodes: string[]; edges: string[] } {
  const id = (host: string): string => `h${plan.hosts.indexOf(host)}`;
  const line = way.kind === 'there' ? '==' : '-.-';
  const edges = way.stops
    .slice(1)
    .map((stop, i) => `  ${id(way.stops[i]!.host)} ${line}>|"${way.kind} ${i + 1}"| ${id(stop.host)}`);
  if (way.end === 'arrived') return { nodes: [], edges };
  const trace = way.kind === 'there' ? trip!.forward : trip!.return!;
  const node = `x${way.kind}`;
  const mark = way.unknown ? '?' : '✗';
  return {
    nodes: [`  ${node}["${mark} ${escape(endWordsShort(trace, []))}"]:::dead`],
    edges: [...edges, `  ${id(way.stops.at(-1)!.host)} ${line}x|"${way.kind} ${way.stops.length}"| ${node}`],
  };
}

/** Mermaid's entity codes for what has a meaning in a quoted text. */
const escape = (text: string): string => printable(text).replace(/[#"<>&`\\]/g, (c) => `#${c.charCodeAt(0)};`);
