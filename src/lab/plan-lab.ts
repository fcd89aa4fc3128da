import type { Diagnostic } from '../ip/index.ts';
import type { Host, Interface, Network } from '../model/index.ts';
import { rulesetText } from '../dialect/index.ts';
import { ipLine } from './ip-line.ts';
import type { BoxPlan, LabPlan, TunnelPlan } from './lab-plan.ts';
import { limit } from './limit.ts';
import { NamespaceNames } from './namespace-names.ts';
import { interfaceLines, linkLocalLine, neighbourLines } from './plan-interfaces.ts';
import { internetBox } from './plan-internet.ts';
import { routeLines } from './plan-routes.ts';
import { ruleLines } from './plan-rules.ts';
import { firstHostSettings, firstSettings, hostSettings } from './plan-settings.ts';
import { planTunnels } from './plan-tunnel.ts';
import { bridgesOf, cablesOf, carriersOf, switchLines, wiringLines, type Cable } from './plan-wiring.ts';

/**
 * What has to be done to build the network of real namespaces called `wm-RUN-HOST`. Pure: nothing is touched. What
 * can't be built as the network says is in `diagnostics` (code `lab-limit`, `line-not-modelled`).
 */
export function planLab(network: Network, run: string): LabPlan {
  const names = new NamespaceNames(run);
  const hosts = new Map([...network.hosts.keys()].map((name) => [name, names.take(name)]));
  const links = names.take('links');
  const internets = new Map(
    [...network.links.values()]
      .filter((l) => l.kind === 'internet')
      .map((l) => [l.name, names.take(`${l.name}-carrier`)]),
  );
  const namespaceOf = (host: string): string => hosts.get(host)!;
  const { tunnels, diagnostics } = planTunnels(network, namespaceOf);
  const cables = cablesOf(network, links, internets, (host, dev) => isCable(dev) && hosts.has(host.name));
  const boxes = [...network.hosts.values()].map((host) =>
    hostBox(host, { namespace: namespaceOf(host.name), tunnels, cables }),
  );
  return {
    run,
    hosts,
    namespaces: [...hosts.values(), links, ...internets.values()],
    links,
    wiring: wiringLines(cables, namespaceOf),
    boxes: [
      switchBox(
        links,
        cables.filter((c) => c.namespace === links),
        bridgesOf(network),
      ),
      ...[...internets.values()].map((box) =>
        internetBox(
          box,
          cables.filter((c) => c.namespace === box),
        ),
      ),
      ...boxes.map((b) => b.box),
    ],
    tunnels,
    diagnostics: [...diagnostics, ...boxes.flatMap((b) => b.diagnostics), ...uncheckedHere(network)],
  };
}

/** Nobody checks in the lab what a cloud would. */
const uncheckedHere = (network: Network): Diagnostic[] =>
  [...network.links.values()]
    .filter((l) => l.unchecked)
    .map((l) => limit(`${l.name}: the cloud's source/destination check is left out`, l.fact));

const isCable = (dev: Interface): boolean => dev.kind !== 'loopback' && dev.kind !== 'tun';

function switchBox(namespace: string, cables: readonly Cable[], bridges: ReadonlyMap<string, string>): BoxPlan {
  const settings = [
    ['bridge/bridge-nf-call-iptables', '0'],
    ['bridge/bridge-nf-call-ip6tables', '0'],
    ['bridge/bridge-nf-call-arptables', '0'],
  ] as const;
  // bridges that have no address of their own say nothing
  const first = [...firstSettings(), ['ipv6/conf/default/disable_ipv6', '1']] as const;
  const ip = switchLines(cables, bridges);
  const none = { ip6: [], mustHold: new Set<string>(), ruleset: '' };
  return { namespace, first, ip, carriers: carriersOf(cables), settings, ...none };
}

interface Around {
  readonly namespace: string;
  readonly tunnels: readonly TunnelPlan[];
  readonly cables: readonly Cable[];
}

function hostBox(
  host: Host,
  { namespace, tunnels, cables }: Around,
): { box: BoxPlan; diagnostics: readonly Diagnostic[] } {
  const four = routeLines(host, 4);
  const six = routeLines(host, 6);
  const ruleset = rulesetText(host.ruleset);
  const moved = tunnels.flatMap((t) => [t.server, ...t.clients]).filter((e) => e.namespace === namespace);
  const loose = host.interfaces.filter((i) => i.kind === 'tun' && !moved.some((e) => e.interface === i.name));
  const ip = [
    ...loose.map((dev) => ipLine`tuntap add dev ${dev.name} mode tun`),
    ...interfaceLines(host),
    ...cables.flatMap((c, i) => (c.host === host ? linkLocalLine(c.dev, i) : [])),
    ...ruleLines(host, 4),
    ...four.lines,
    ...neighbourLines(host),
  ];
  const ip6 = [...ruleLines(host, 6), ...six.lines];
  const carriers = cables.filter((c) => c.host === host && c.dev.up && c.dev.carrier).map((c) => c.dev.name);
  return {
    box: { namespace, first: firstHostSettings(), ip, ip6, carriers, ...hostSettings(host), ruleset: ruleset.value },
    diagnostics: [
      ...four.diagnostics,
      ...six.diagnostics,
      ...ruleset.diagnostics,
      ...loose.map((dev) => limit(`${host.name}: nobody is at the other end of ${dev.name}`, dev.fact)),
      ...(host.virtualServers[0]
        ? [limit(`${host.name}: virtual servers are left out`, host.virtualServers[0].fact)]
        : []),
      ...host.interfaces
        .filter((dev) => dev.kind === 'wireguard')
        .map((dev) =>
          limit(`${host.name}: ${dev.name} is WireGuard: a cable without an other end stands for it`, dev.fact),
        ),
    ],
  };
}
