import { shellLine, shellWord } from '../dialect/index.ts';
import { connectionNameCommand, persistWithNmcli } from '../dialect/nmcli/index.ts';
import { persistWithIfupdown } from '../dialect/ifupdown/index.ts';
import { persistWithNetplan, type NetplanSection } from '../dialect/netplan/index.ts';
import { persistWithNetworkd } from '../dialect/networkd/index.ts';
import { interfaceNamed, type Host, type NetworkManager, type Route } from '../model/index.ts';
import { writeLines } from './write-lines.ts';

/** How to keep something over a reboot, and how to stop keeping it. */
export interface Keeping {
  readonly persist: readonly string[];
  readonly undo: readonly string[];
}

const CONNECTION = 'CONNECTION';

/** The route in the language of what keeps the host's routes. Lines that start with `#` say what a person has to do. */
export function persistRoute(host: Host, route: Route): Keeping {
  const dev = route.nexthops[0]?.dev ?? 'INTERFACE';
  const by = LANGUAGES[host.manager];
  if (!by)
    return {
      persist: [`# what keeps the routes of ${host.name} over a reboot is not known: run the command at every start`],
      undo: [],
    };
  const kept = by.print(route, dev, host);
  const lacks = kept.cannot.map((c) => `# cannot be kept: ${c}`);
  const commands = kept.commands.map((c) => namedConnection(c, dev));
  if (kept.file !== null) {
    const file = kept.file;
    const secret = file.startsWith('/etc/netplan/') ? [`chmod 600 ${shellWord(file)}`] : [];
    return {
      persist: [...lacks, ...writeLines(file, '>', kept.content), ...secret, ...commands],
      undo: [`rm ${shellWord(file)}`],
    };
  }
  if (kept.content === '') return { persist: [...lacks, ...commands], undo: [] };
  return {
    persist: [...lacks, `# ${by.place(dev)}`, ...asComment(kept.content), ...commands],
    undo: [],
  };
}

/** What every dialect's printer returns. */
type PersistedRoute = ReturnType<typeof persistWithIfupdown>;

/** Lines that a person puts somewhere; running them as commands would be wrong. */
const asComment = (content: string): string[] =>
  content
    .replace(/\n$/, '')
    .split('\n')
    .map((l) => `#   ${l}`);

interface Language {
  readonly print: (route: Route, dev: string, host: Host) => PersistedRoute;
  /** Where lines go that have no file of their own. */
  readonly place: (dev: string) => string;
}

const LANGUAGES: Readonly<Record<NetworkManager, Language | null>> = {
  netplan: {
    print: (route, dev, host) => persistWithNetplan(route, dev, netplanSection(host, dev)),
    place: () => 'in netplan:',
  },
  networkd: {
    print: (route) => persistWithNetworkd(route, null),
    place: (dev) => `in the .network file that 'networkctl status ${dev}' names:`,
  },
  ifupdown: {
    print: persistWithIfupdown,
    place: (dev) => `in /etc/network/interfaces, below the addresses of ${dev}:`,
  },
  nmcli: { print: (route, dev) => persistWithNmcli(route, dev, CONNECTION), place: () => 'in NetworkManager:' },
  unknown: null,
};

/** A device that another file of netplan's has under another heading makes `netplan apply` fail. */
function netplanSection(host: Host, dev: string): NetplanSection {
  const kind = interfaceNamed(host, dev)?.kind;
  if (kind === 'bridge') return 'bridges';
  if (kind === 'wireguard') return 'tunnels';
  // by the names that people and udev give (systemd.net-naming-scheme(7)): nothing else tells
  if (/^bond\d/.test(dev)) return 'bonds';
  if (/^vlan\d|\.\d+$/.test(dev)) return 'vlans';
  return /^wl/.test(dev) ? 'wifis' : 'ethernets';
}

/** NetworkManager's name for the connection is asked for where it is used. */
const namedConnection = (command: readonly string[], dev: string): string =>
  command.map((w) => (w === CONNECTION ? `"$(${shellLine(connectionNameCommand(dev))})"` : shellWord(w))).join(' ');
