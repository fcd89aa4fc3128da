import type { Diagnostic, Parsed } from '../ip/index.ts';
import type { Host, Interface, Link, Network } from '../model/index.ts';
import type { Declarations } from './link-declarations.ts';
import { faultAt } from './link-fault.ts';
import { linksOf } from './link-network.ts';
import { reportLinks } from './link-report.ts';
import { segmentsOf } from './link-segment.ts';
import { tunnelsOf } from './link-tunnel.ts';
import { wireGuardTunnels } from './link-wireguard.ts';

/**
 * Links hosts into a network. Which interfaces share a link is decided by what a person said, by real cables (veth and
 * bridges), by declared prefixes, by a public gateway, and at last by equal prefixes; links found only so are not
 * complete. OpenVPN servers are joined with their clients, WireGuard
 * interfaces with their peers. Codes: `name-duplicate` (a host twice: the first counts),
 * `address-duplicate`, `mask-mismatch`, `network-overlap`, `gateway-off-link`, `link-ambiguous`, `tunnel-unmatched`.
 */
export function link(hosts: readonly Host[], declarations: Declarations): Parsed<Network> {
  const diagnostics: Diagnostic[] = [];
  const distinct = distinctHosts(hosts, diagnostics);
  const { segments, unclear } = segmentsOf(distinct);
  for (const { end, others } of unclear) {
    const names = others.slice(0, 5).map((o) => `${o.dev.name} of ${o.host.name}`);
    const message = `the other end of ${end.dev.name} of ${end.host.name} may be ${names.join(' or ')}`;
    diagnostics.push(
      faultAt(end.dev.fact, ['link-ambiguous', 'note', message, `name their network below 'on' in the network file`]),
    );
  }
  const links = linksOf(segments, declarations.networks, diagnostics);
  const linked = withLinks(distinct, links);
  const byName = new Map(linked.map((h) => [h.name, h]));
  const tunnels = tunnelsOf(linked, declarations.networks, diagnostics);
  const wireguard = wireGuardTunnels(linked, declarations.networks, diagnostics);
  diagnostics.push(...reportLinks(links, byName));
  const network = {
    hosts: byName,
    links: new Map(links.map((l) => [l.name, l])),
    tunnels,
    ...(wireguard.length > 0 ? { wireguard } : {}),
    expectations: declarations.expectations,
  };
  return { value: network, diagnostics };
}

function distinctHosts(hosts: readonly Host[], diagnostics: Diagnostic[]): readonly Host[] {
  const first = new Map<string, Host>();
  for (const host of hosts) {
    const other = first.get(host.name);
    if (!other) first.set(host.name, host);
    else
      diagnostics.push(
        faultAt(host.fact, [
          'name-duplicate',
          'error',
          `there are two hosts '${host.name}'`,
          `the other is in ${other.fact.source}`,
        ]),
      );
  }
  return [...first.values()];
}

function withLinks(hosts: readonly Host[], links: readonly Link[]): readonly Host[] {
  const linkOf = new Map(
    links.flatMap((l) => l.attachments.map((a) => [`${a.host}\0${a.interface}`, l.name] as const)),
  );
  return hosts.map((host) => ({
    ...host,
    interfaces: host.interfaces.map((dev) => withLink(dev, linkOf.get(`${host.name}\0${dev.name}`))),
  }));
}

function withLink(dev: Interface, name: string | undefined): Interface {
  const changed: { -readonly [K in keyof Interface]: Interface[K] } = { ...dev };
  delete changed.link;
  if (name !== undefined) changed.link = name;
  return changed;
}
