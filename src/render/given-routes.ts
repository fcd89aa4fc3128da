import { irouteLine, routeLine, shellLine } from '../dialect/index.ts';
import { formatAddress, formatPrefix, type Address, type Prefix } from '../ip/index.ts';
import { persistWithDnsmasq } from '../dialect/dnsmasq/index.ts';
import { TABLE, type Change, type Network, type Route } from '../model/index.ts';
import { writeLines } from './write-lines.ts';

type AddRoute = Extract<Change, { kind: 'add-route' }>;

/** Commands on a box that hands routes out to others. */
export interface GivenRoutes {
  readonly box: string;
  readonly commands: { readonly apply: string[]; readonly persist: string[]; readonly undo: string[] };
}

/**
 * Routes that a server gives its clients: by DHCP, one line of dnsmasq for each link; by OpenVPN, a `push` line for each
 * route. The server is named after the link when nobody knows which box it is.
 */
export function givenRoutes(network: Network, changes: readonly Change[]): GivenRoutes[] {
  const added = changes.filter((c): c is AddRoute => c.kind === 'add-route');
  return [...byDhcp(network, added.filter((c) => c.by === 'dhcp')), ...byPush(network, added.filter((c) => c.by === 'push'))]; // prettier-ignore
}

function byDhcp(network: Network, changes: readonly AddRoute[]): GivenRoutes[] {
  const linkOf = (c: AddRoute): string => {
    const dev = c.route.nexthops[0]?.dev;
    return network.hosts.get(c.host)?.interfaces.find((i) => i.name === dev)?.link ?? 'the network';
  };
  return [...new Set(changes.map(linkOf))].map((link) => {
    const own = changes.filter((c) => linkOf(c) === link);
    const routes = distinct(own.map((c) => c.route));
    const kept = persistWithDnsmasq(routes, defaultGateway(network, own));
    const file = kept.file ?? '/etc/dnsmasq.d/90-waymark.conf';
    const lacks = kept.cannot.map((c) => `# cannot be handed out: ${c}`);
    const restart = kept.commands.map(shellLine);
    return {
      box: `DHCP server of ${link}`,
      commands: {
        apply: [...lacks, ...writeLines(file, '>', kept.content), ...restart],
        persist: ['# the file keeps it; clients take the route when they renew their lease'],
        undo: [`rm ${file}`, ...restart.slice(-1)],
      },
    };
  });
}

const distinct = (routes: readonly Route[]): Route[] => {
  const key = (r: Route): string =>
    `${formatPrefix(r.prefix)} ${r.nexthops.map((n) => (n.via ? formatAddress(n.via) : '')).join()}`;
  return [...new Map(routes.map((r) => [key(r), r])).values()];
};

/**
 * Clients that take option 121 ignore the router option, so the default route has to be in it: the one that most of them
 * have.
 */
function defaultGateway(network: Network, changes: readonly AddRoute[]): Address | null {
  const votes = new Map<string, { via: Address; count: number }>();
  for (const { host } of changes) {
    const routes = network.hosts.get(host)?.routes ?? [];
    const found = routes.find((r) => r.prefix.length === 0 && r.prefix.address.family === 4 && r.table === TABLE.main);
    const via = found?.nexthops[0]?.via;
    if (!via) continue;
    const key = formatAddress(via);
    votes.set(key, { via, count: (votes.get(key)?.count ?? 0) + 1 });
  }
  return [...votes.values()].sort((a, b) => b.count - a.count)[0]?.via ?? null;
}

/** One line of the server's configuration, however many clients take it. */
function byPush(network: Network, changes: readonly AddRoute[]): GivenRoutes[] {
  const serverOf = (c: AddRoute): string =>
    c.server ?? network.tunnels.find((t) => t.clients.some((k) => k.host === c.host))?.server.host ?? `OpenVPN server of ${c.host}`; // prettier-ignore
  const lines = new Map(changes.map((c) => [`${serverOf(c)} ${pushLine(c.route)}`, { box: serverOf(c), line: pushLine(c.route) }])); // prettier-ignore
  return [...lines.values()].map(({ box, line }) => ({
    box,
    commands: {
      apply: ['# add to the configuration of the OpenVPN server, then restart it:', `#   ${line}`],
      persist: ['# the configuration keeps it; clients take the route when they connect again'],
      undo: [`# take out of the configuration of the OpenVPN server: ${line}`],
    },
  }));
}

const pushLine = ({ prefix, fact }: Route): string => `push "${routeLine({ prefix, fact })}"`;

/** What to write into the client's file of the server's client-config-dir, which is named after the client. */
export function irouteCommands(commonName: string, prefix: Prefix): GivenRoutes['commands'] {
  const line = irouteLine(prefix);
  const file = `the client's own file, ${commonName}, in the client-config-dir of the OpenVPN server`;
  return {
    apply: [`# add to ${file}; the client takes it when it connects again:`, `#   ${line}`],
    persist: ['# the file keeps it'],
    undo: [`# take out of ${file}: ${line}`],
  };
}

/** How OpenVPN's server lasts a route to what lies behind a client: by a line of its own configuration. */
export function keptByOpenVpn({ prefix, fact }: Route): { readonly persist: string[]; readonly undo: string[] } {
  const line = routeLine({ prefix, fact });
  return {
    persist: ['# add to the configuration of the OpenVPN server, which makes it when it starts:', `#   ${line}`],
    undo: [`# and take out of the configuration of the OpenVPN server: ${line}`],
  };
}

type Iroute = Extract<Change, { kind: 'add-iroute' }>;

/** How a client file that says everything comes to be read. */
export function clientFileCommands(
  { commonName }: Iroute,
  { why, file }: NonNullable<Iroute['unread']>,
): GivenRoutes['commands'] {
  const folder = 'the client-config-dir of the OpenVPN server';
  switch (why) {
    case 'no-directory':
      return {
        apply: [
          `# add to the configuration of the OpenVPN server the folder that the file ${file} is in, then restart it:`,
          '#   client-config-dir ccd',
        ],
        persist: ['# the configuration keeps it'],
        undo: ['# take out of the configuration of the OpenVPN server: client-config-dir ccd'],
      };
    case 'other-name':
      return {
        apply: [
          `# in ${folder}; the client takes it when it connects again:`,
          `#   ${shellLine(['mv', file, commonName])}`,
        ],
        persist: ['# the file keeps it'],
        undo: [`# in ${folder}: ${shellLine(['mv', commonName, file])}`],
      };
    case 'not-taken':
      return {
        apply: [
          `# let the user that OpenVPN runs as read the file, in ${folder}; then let the client connect again:`,
          `#   ${shellLine(['chmod', 'a+r', file])}`,
        ],
        persist: ['# the file keeps it'],
        undo: ['# the file was there before'],
      };
  }
}
