import {
  bitsOf,
  contains,
  formatPrefix,
  isLinkLocal,
  isPrivate,
  prefixOf,
  samePrefix,
  type Diagnostic,
  type Fact,
  type Prefix,
} from '../ip/index.ts';
import type { InterfaceAddress, Link } from '../model/index.ts';
import type { DeclaredNetwork } from './link-declarations.ts';
import { faultAt } from './link-fault.ts';
import { Grouping, type End, type Segment } from './link-segment.ts';

/** A link while its ends are gathered. */
interface LinkDraft {
  readonly name: string;
  readonly declared?: DeclaredNetwork;
  readonly segments: readonly Segment[];
}

/**
 * Puts segments on links: those that a person named; those whose addresses lie in a declared network; those with a
 * public gateway on the internet; and the others by equal prefixes.
 */
export function linksOf(
  segments: readonly Segment[],
  networks: readonly DeclaredNetwork[],
  diagnostics: Diagnostic[],
): readonly Link[] {
  const byName = new Map<string, Segment[]>(networks.map((n) => [n.name, []]));
  const rest: Segment[] = [];
  for (const segment of segments) {
    if (segment.ends.length === 0) continue;
    const name = nameOf(segment, networks, diagnostics);
    if (name === null) rest.push(segment);
    else {
      const own = byName.get(name);
      if (own) own.push(segment);
      else byName.set(name, [segment]);
    }
  }
  const declared = new Map(networks.map((n) => [n.name, n]));
  const named = [...byName].map(([name, own]) => {
    const network = declared.get(name);
    return { name, segments: own, ...(network && { declared: network }) };
  });
  return [...named, ...byPrefix(rest, new Set(byName.keys()))].map(finishLink);
}

/** The link that a segment is on by name, by a declared prefix, or by its public gateway; null when none says. */
function nameOf(segment: Segment, networks: readonly DeclaredNetwork[], diagnostics: Diagnostic[]): string | null {
  const own = prefixesOf(segment.ends);
  const equal = networks.filter((n) => n.prefixes.some((p) => own.some((o) => samePrefix(o, p))));
  const near =
    equal.length > 0
      ? equal
      : networks.filter((n) => n.prefixes.some((p) => addressesOf(segment.ends).some((a) => contains(p, a.address))));
  const names = segment.names.length > 0 ? segment.names : near.map((n) => n.name);
  if (names.length > 1) diagnostics.push(ambiguous(segment, names));
  if (names[0] !== undefined) return names[0];
  const internet = networks.filter((n) => n.kind === 'internet');
  return internet.length === 1 && segment.wiring === 'open' && segment.ends.some(hasPublicGateway)
    ? internet[0]!.name
    : null;
}

function ambiguous(segment: Segment, names: readonly string[]): Diagnostic {
  const { host, dev } = segment.ends[0]!;
  const message = `${dev.name} of ${host.name} may be on ${names.slice(0, 5).join(' or ')}: taken to be on ${names[0]}`;
  return faultAt(dev.fact, ['link-ambiguous', 'warning', message, `name its network below 'on' in the network file`]);
}

function hasPublicGateway({ host, dev }: End): boolean {
  return host.routes.some(
    (r) =>
      r.prefix.length === 0 &&
      r.type === 'unicast' &&
      r.nexthops.some((hop) => hop.dev === dev.name && hop.via !== undefined && !isPrivate(hop.via)),
  );
}

/** Segments without a name: open ones with an equal prefix share a link; wired ones stay by themselves. */
function byPrefix(segments: readonly Segment[], taken: Set<string>): readonly LinkDraft[] {
  const grouping = new Grouping(segments);
  const first = new Map<string, Segment>();
  for (const segment of segments.filter((s) => s.wiring === 'open')) {
    for (const prefix of prefixesOf(segment.ends).map(formatPrefix)) {
      const other = first.get(prefix);
      if (other) grouping.join(other, segment);
      else first.set(prefix, segment);
    }
  }
  return grouping.all().flatMap((own) => {
    const ends = own.flatMap((s) => s.ends);
    return [{ name: freeName(ends, taken), segments: own }];
  });
}

/** The first prefix; with a host behind it where several links have it. */
function freeName(ends: readonly End[], taken: Set<string>): string {
  const { host, dev } = ends[0]!;
  const prefix = prefixesOf(ends)[0];
  const candidates = [
    ...(prefix ? [formatPrefix(prefix), `${formatPrefix(prefix)} on ${host.name}`] : []),
    `${host.name} ${dev.name}`,
  ];
  let name = candidates.find((c) => !taken.has(c)) ?? `${host.name} ${dev.name} 2`;
  for (let n = 2; taken.has(name); n++) name = `${host.name} ${dev.name} ${n}`;
  taken.add(name);
  return name;
}

function finishLink({ name, declared, segments }: LinkDraft): Link {
  const ends = segments.flatMap((s) => s.ends);
  const found = ends[0]?.dev;
  const fact: Fact = declared?.fact ??
    found?.addresses[0]?.fact ??
    found?.fact ?? { source: 'assumption', line: 0, text: name };
  return {
    name,
    kind: declared?.kind ?? 'lan',
    prefixes: declared ? declared.prefixes : prefixesOf(ends),
    attachments: ends.map((e) => ({ host: e.host.name, interface: e.dev.name })),
    complete: declared?.complete ?? segments.every((s) => s.wiring === 'cable'),
    ...(declared?.unchecked && { unchecked: declared.unchecked }),
    fact,
  };
}

/** The networks that the ends' addresses were configured in; those that say nothing of a link are left out. */
export function prefixesOf(ends: readonly End[]): readonly Prefix[] {
  const wide = addressesOf(ends).map((a) => prefixOf(a.address, a.length));
  const sorted = [...wide.filter((p) => p.address.family === 4), ...wide.filter((p) => p.address.family === 6)];
  return sorted.filter((p, i) => sorted.findIndex((o) => samePrefix(o, p)) === i);
}

function addressesOf(ends: readonly End[]): readonly InterfaceAddress[] {
  const all = ends.flatMap((e) =>
    e.dev.addresses.filter((a) => !isLinkLocal(a.address) && a.peer === undefined && a.scope !== 'host'),
  );
  return all.filter((a) => a.length < bitsOf(a.address.family));
}
