import type { Trace } from '../../src/trace/index.ts';
import type { Comparison } from './compare.ts';
import type { Judged } from './shrink.ts';
import { iptablesText, nftText, type HostSpec, type NetworkSpec, type ProbeSpec } from './spec.ts';

/** A network as the commands that a person would type, host by host. */
export function printNetwork(spec: NetworkSpec): string {
  const links = spec.links.map((l) => `${l.kind} ${l.ends.map((e) => `${e.host}:${e.dev}`).join(' ')}`);
  return [`# ${spec.name}`, ...links, ...spec.hosts.flatMap(printHost)].join('\n');
}

const words = (item: object, skip: readonly string[] = []): string =>
  Object.entries(item)
    .filter(([key, value]) => !skip.includes(key) && value !== undefined)
    .map(([key, value]) => `${key} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(' ');

function printHost(host: HostSpec): string[] {
  return [
    `${host.name}:`,
    ...host.settings.map(([key, value]) => `  sysctl ${key}=${value}`),
    ...host.addresses.map((a) => `  address ${a.address} dev ${a.dev}`),
    ...host.neighbours.map((n) => `  neighbour ${words(n)}`),
    ...host.routes.map(
      (r) => `  route ${r.operation ?? 'add'} ${r.type ?? ''} ${r.prefix} ${words(r, ['prefix', 'type', 'operation'])}`,
    ),
    ...host.rules.map((r) => `  rule ${words(r)}`),
    ...host.down.map((d) => `  down ${d}`),
    ...(host.nft.length > 0
      ? nftText(host.nft)
          .split('\n')
          .map((l) => `  ${l}`)
      : []),
    ...(host.iptables
      ? ([4, 6] as const).flatMap((f) => [
          `  # ${host.iptables!.variant} ${f}`,
          ...iptablesText(host.iptables![f])
            .split('\n')
            .map((l) => `  ${l}`),
        ])
      : []),
  ];
}

/** The question as a person would ask it. */
export const printProbe = (p: ProbeSpec): string =>
  `${p.from}${p.source === undefined ? '' : ` (${p.source})`} -> ${p.destination} ${p.protocol} ${p.sourcePort} > ${p.destinationPort}${p.tos === undefined ? '' : ` tos ${p.tos}`}`;

/** A disagreement: what differs, side by side, and the model's steps. */
export function printComparison(c: Comparison): string {
  const indent = (text: string): string => {
    const lines = text.split('\n');
    return [...lines.slice(0, 8), ...(lines.length > 8 ? [`… ${lines.length} lines`] : [])].join('\n            ');
  };
  return [
    printProbe(c.probe),
    `  model: ${c.trip.forward.outcome} at ${c.trip.forward.host}; back ${c.trip.return?.outcome ?? '-'} at ${c.trip.return?.host ?? '-'}; ${c.trip.otherwise.length} other branches`,
    ...c.differences.map((d) => `  ${d.what}\n    model:  ${indent(d.model)}\n    kernel: ${indent(d.kernel)}`),
    ...(['forward', 'return', 'third', 'fourth'] as const).flatMap((name) => {
      const trace = c.trip[name];
      if (!trace) return [];
      const hops = hopLines(trace.hops);
      return [`  model's ${name}: ${trace.outcome} at ${trace.host}`, ...hops, ...refusalLines(trace)];
    }),
  ].join('\n');
}

const hopLines = (hops: Trace['hops']): string[] =>
  hops
    .slice(0, 6)
    .flatMap((h) => [
      `    ${h.host} ${h.in ?? '-'} > ${h.out ?? '-'}`,
      ...h.steps
        .filter((s) => s.stage !== 'start')
        .map((s) => `      ${s.stage}: ${stepText(s.action)} | ${s.because.map((b) => b.text).join(' | ')}`),
    ]);

const refusalLines = ({ refusalWay }: Trace): string[] =>
  refusalWay ? [`  its refusal: ${refusalWay.outcome} at ${refusalWay.host}`, ...hopLines(refusalWay.hops)] : [];

function stepText(action: object): string {
  const plain = Object.entries(action).filter(([, v]) => typeof v !== 'object' || v === null);
  return plain.map(([k, v]) => (k === 'kind' ? String(v) : `${k}=${String(v)}`)).join(' ');
}

/** Everything about the disagreements of a network. */
export const printJudged = (j: Judged): string =>
  [
    printNetwork(j.spec),
    ...j.seen.refused.map((r) => `# the kernel refused ${r.join(' ')}`),
    ...j.comparisons
      .filter((c) => c.verdict === 'different')
      .slice(0, 3)
      .map(printComparison),
  ].join('\n');
