import type { Host, Interface, Link, Network } from '../model/index.ts';
import { ipLine, type IpLine } from './ip-line.ts';

/** Where an interface's cable ends. */
export interface Cable {
  readonly host: Host;
  readonly dev: Interface;
  readonly link: Link | null;
  /** The far end: its namespace, and its name there. */
  readonly namespace: string;
  readonly port: string;
}

/** The far ends of all interfaces that are cables: into the box of bridges, or into the box that is the internet. */
export function cablesOf(
  network: Network,
  links: string,
  internets: ReadonlyMap<string, string>,
  isCable: (host: Host, dev: Interface) => boolean,
): readonly Cable[] {
  let number = 0;
  return [...network.hosts.values()].flatMap((host) =>
    host.interfaces
      .filter((dev) => isCable(host, dev))
      .map((dev) => {
        const link = linkOf(network, host.name, dev.name);
        const namespace = (link && internets.get(link.name)) ?? links;
        return { host, dev, link, namespace, port: `p${number++}` };
      }),
  );
}

const linkOf = (network: Network, host: string, dev: string): Link | null =>
  [...network.links.values()].find((l) => l.attachments.some((a) => a.host === host && a.interface === dev)) ?? null;

/** The bridge of each link, by the link's name. */
export const bridgesOf = (network: Network): ReadonlyMap<string, string> =>
  new Map([...network.links.values()].filter((l) => l.kind === 'lan').map((l, i) => [l.name, `b${i}`]));

/** Lines for `ip -batch -` outside: every cable is made straight in the two namespaces it joins. */
export function wiringLines(cables: readonly Cable[], namespaceOf: (host: string) => string): readonly IpLine[] {
  return cables.map(({ host, dev, namespace, port }) => [
    ...ipLine`link add name ${dev.name}`,
    ...(dev.mac === undefined ? [] : ipLine`address ${dev.mac}`),
    ...ipLine`netns ${namespaceOf(host.name)} type veth peer name ${port} netns ${namespace}`,
  ]);
}

/** Lines inside the box of bridges. A port of an interface without carrier stays down. */
export function switchLines(cables: readonly Cable[], bridges: ReadonlyMap<string, string>): readonly IpLine[] {
  return [
    ipLine`link set lo up`,
    ...[...bridges.values()].flatMap((bridge) => [
      ipLine`link add ${bridge} type bridge forward_delay 0 mcast_snooping 0`,
      ipLine`link set ${bridge} mtu 65535 up`,
    ]),
    ...cables.flatMap(({ dev, link, port }) => {
      const bridge = link ? bridges.get(link.name) : undefined;
      return [
        ipLine`link set ${port} mtu 65535`,
        ...(bridge === undefined ? [] : [ipLine`link set ${port} master ${bridge}`]),
        ...(dev.carrier ? [ipLine`link set ${port} up`] : []),
      ];
    }),
  ];
}

/** The ports whose cable carries packets. */
export const carriersOf = (cables: readonly Cable[]): readonly string[] =>
  cables.filter((c) => c.dev.up && c.dev.carrier).map((c) => c.port);
