import { formatAddress } from '../ip/index.ts';
import { sameVirtualMatch, type Host, type RealServer, type VirtualServer } from '../model/index.ts';
import { realServerName } from './virtual-server-words.ts';
import { writeLines } from './write-lines.ts';

/** What to type for a virtual server. */
interface Commands {
  readonly apply: readonly string[];
  readonly persist: readonly string[];
  readonly undo: readonly string[];
}

/**
 * The commands that make the kernel's virtual server so: Keepalived does it where its configuration has it and it does not
 * run; a new one goes into keepalived.conf where that makes the others, else in by ipvsadm, which gives weights back too.
 */
export function virtualServerCommands(host: Host, server: VirtualServer): Commands {
  const now = host.virtualServers.find((s) => sameVirtualMatch(s, server));
  const isConfigured = host.configuredServers?.some((s) => sameVirtualMatch(s, server)) ?? false;
  if (now) return changed(server, now, isConfigured);
  if (isConfigured) {
    return {
      apply: ['systemctl start keepalived'],
      persist: ['systemctl enable keepalived'],
      undo: ['systemctl stop keepalived'],
    };
  }
  return isOfKeepalived(host) ? intoConfiguration(server) : byHand(server);
}

const isOfKeepalived = (host: Host): boolean =>
  [...host.virtualServers, ...(host.configuredServers ?? [])].some((s) => s.fact.text.startsWith('virtual_server'));

function changed(server: VirtualServer, now: VirtualServer, isConfigured: boolean): Commands {
  const weights: { readonly before: RealServer; readonly after: RealServer }[] = [];
  const added: RealServer[] = [];
  for (const after of server.realServers) {
    const before = now.realServers.find((b) => realServerName(b) === realServerName(after));
    if (!before) added.push(after);
    else if (before.weight !== after.weight) weights.push({ before, after });
  }
  const byItself = `# Keepalived puts ${added.map(realServerName).join(', ')} back by itself as soon as its check passes`;
  const isByItself = isConfigured && added.length > 0;
  return {
    apply: [
      ...weights.map(({ after }) => realServerLine('-e', server, after)),
      ...(isByItself ? [byItself] : added.map((r) => realServerLine('-a', server, r))),
    ],
    persist: weights.map(({ after }) => `# give ${realServerName(after)} its weight in keepalived.conf too`),
    undo: weights.map(({ before }) => realServerLine('-e', server, before)),
  };
}

const CONFIGURATION = '/etc/keepalived/keepalived.conf';

/** Written at the end of keepalived.conf and tried before Keepalived hears of it (keepalived(8), -t). */
function intoConfiguration(server: VirtualServer): Commands {
  const reload = 'keepalived -t && systemctl reload keepalived';
  return {
    apply: [...writeLines(CONFIGURATION, '>>', configurationLines(server).join('\n')), reload],
    persist: ['# the real servers have no check there: give them the one that the other virtual server has'],
    undo: [`# take the block 'virtual_server ${targetWords(server)}' out of ${CONFIGURATION}`, reload],
  };
}

const KINDS = { nat: 'NAT', direct: 'DR', tunnel: 'TUN' } as const;

const configurationLines = (server: VirtualServer): readonly string[] => [
  `virtual_server ${targetWords(server)} {`,
  `    lb_algo ${server.scheduler}`,
  `    lb_kind ${KINDS[server.realServers[0]?.method ?? 'nat']}`,
  ...server.realServers.flatMap((r) => [
    `    real_server ${formatAddress(r.address)}${r.port === 0 ? '' : ` ${r.port}`} {`,
    `        weight ${r.weight}`,
    '    }',
  ]),
  '}',
];

const targetWords = ({ match }: VirtualServer): string =>
  match.kind === 'mark' ? `fwmark ${match.mark}` : `${formatAddress(match.address)} ${match.port}`;

const byHand = (server: VirtualServer): Commands => ({
  apply: [
    `ipvsadm -A ${serviceWords(server)} -s ${server.scheduler}`,
    ...server.realServers.map((r) => realServerLine('-a', server, r)),
  ],
  persist: ['ipvsadm-save -n > /etc/ipvsadm.rules'],
  undo: [`ipvsadm -D ${serviceWords(server)}`],
});

const METHODS = { nat: '-m', direct: '-g', tunnel: '-i' } as const;

function realServerLine(verb: '-a' | '-e', service: VirtualServer, server: RealServer): string {
  const text = formatAddress(server.address);
  const end = `${server.address.family === 6 ? `[${text}]` : text}:${server.port}`;
  return `ipvsadm ${verb} ${serviceWords(service)} -r ${end} ${METHODS[server.method]} -w ${server.weight}`;
}

const OPTIONS: Readonly<Record<number, string>> = { 6: '-t', 17: '-u', 132: '--sctp-service' };

function serviceWords({ match, family }: VirtualServer): string {
  if (match.kind === 'mark') return `-f ${match.mark}${family === 6 ? ' -6' : ''}`;
  const text = formatAddress(match.address);
  return `${OPTIONS[match.protocol] ?? '-t'} ${family === 6 ? `[${text}]` : text}:${match.port}`;
}
