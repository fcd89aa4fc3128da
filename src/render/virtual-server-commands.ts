import { formatAddress } from '../ip/index.ts';
import { sameVirtualMatch, type Host, type RealServer, type VirtualServer } from '../model/index.ts';
import { realServerName } from './virtual-server-words.ts';

/** What to type for a virtual server. */
interface Commands {
  readonly apply: readonly string[];
  readonly persist: readonly string[];
  readonly undo: readonly string[];
}

/**
 * The commands that make the kernel's virtual server so: Keepalived does it where its configuration has it and it does not
 * run, else ipvsadm gives the weights back.
 */
export function virtualServerCommands(host: Host, server: VirtualServer): Commands {
  const now = host.virtualServers.find((s) => sameVirtualMatch(s, server));
  if (!now) {
    return {
      apply: ['systemctl start keepalived'],
      persist: ['systemctl enable keepalived'],
      undo: ['systemctl stop keepalived'],
    };
  }
  const changed = server.realServers.flatMap((s) => {
    const before = now.realServers.find((b) => realServerName(b) === realServerName(s));
    return before && before.weight !== s.weight ? [{ before, after: s }] : [];
  });
  return {
    apply: changed.map(({ after }) => editLine(server, after)),
    persist: changed.map(({ after }) => `# give ${realServerName(after)} its weight in keepalived.conf too`),
    undo: changed.map(({ before }) => editLine(server, before)),
  };
}

const METHODS = { nat: '-m', direct: '-g', tunnel: '-i' } as const;

function editLine(service: VirtualServer, server: RealServer): string {
  const text = formatAddress(server.address);
  const end = `${server.address.family === 6 ? `[${text}]` : text}:${server.port}`;
  return `ipvsadm -e ${serviceWords(service)} -r ${end} ${METHODS[server.method]} -w ${server.weight}`;
}

const OPTIONS: Readonly<Record<number, string>> = { 6: '-t', 17: '-u', 132: '--sctp-service' };

function serviceWords({ match, family }: VirtualServer): string {
  if (match.kind === 'mark') return `-f ${match.mark}${family === 6 ? ' -6' : ''}`;
  const text = formatAddress(match.address);
  return `${OPTIONS[match.protocol] ?? '-t'} ${family === 6 ? `[${text}]` : text}:${match.port}`;
}
