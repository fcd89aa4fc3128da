import { dirname } from 'node:path/posix';
import { shellLine, shellWord } from '../../dialect/index.ts';
import type { GuardSettings } from '../settings.ts';
import { systemdWord } from './systemd-word.ts';

/** How the guard is started on this machine. */
export interface ServiceFacts {
  /** How this program is started, with whole paths. */
  readonly self: readonly string[];
  /** The settings file; null for the usual settings. */
  readonly file: string | null;
  readonly settings: GuardSettings;
}

/** What the guard's service is called, whichever program runs it. */
export const SERVICE_NAME = 'waymark-guard';

const words = ({ self, file }: ServiceFacts, ...command: readonly string[]): readonly string[] => [
  ...[...self, 'guard', ...command],
  ...(file === null ? [] : ['--settings', file]),
];

/** What iptables of the old kind loads by itself when it may. */
const OF_IPTABLES =
  'ip_tables iptable_nat iptable_filter ip6_tables ip6table_nat ip6table_filter xt_set ip_set_hash_net'.split(' ');

/**
 * The unit for systemd: systemd.exec(5), systemd.service(5). It is ready when the kernel has all decisions; however it
 * ends, nothing of it stays in the kernel. W^X is left out, since Node compiles at run time.
 */
export function systemdUnit(facts: ServiceFacts): string {
  const { engine, appeals, delivery } = facts.settings;
  const hasGroup = facts.settings.logs.some(({ origin }) => origin.kind === 'socket' && origin.group !== null);
  const isBalanced = delivery.way === 'keepalived';
  const ofMarks = isBalanced && engine === 'iptables' ? ['iptable_mangle', 'ip6table_mangle'] : [];
  const modules = [...(engine === 'iptables' ? OF_IPTABLES : []), ...ofMarks, ...(isBalanced ? ['ip_vs'] : [])];
  const start = words(facts, 'run').map(systemdWord).join(' ');
  const clear = words(facts, 'clear').map(systemdWord).join(' ');
  const isHome = filesOf(facts).some((path) => /^\/(home|root|run\/user)\//.test(path));
  const more = [
    ...(engine === 'iptables' ? ['CAP_NET_RAW'] : []),
    // nginx -t opens the ports and the logs
    ...(engine === 'nginx' ? ['CAP_NET_BIND_SERVICE'] : []),
    ...(engine === 'nginx' || appeals.mail || hasGroup ? ['CAP_CHOWN'] : []),
    ...(engine === 'nginx' || appeals.mail ? ['CAP_DAC_OVERRIDE', 'CAP_FOWNER'] : []),
  ]
    .map((capability) => ` ${capability}`)
    .join('');
  return `[Unit]
Description=Waymark guard: blocked visitors see a page that says why
Wants=network-online.target
# these flush the rules of others when they start
After=network-online.target nftables.service netfilter-persistent.service firewalld.service ufw.service
${isBalanced ? BEFORE : ''}
[Service]
Type=notify
# systemd-notify is a process of its own
NotifyAccess=all
${modules.length === 0 ? '' : `ExecStartPre=-+modprobe -aq ${modules.join(' ')}\n`}ExecStart=${start}
ExecStopPost=${clear}
Restart=always
RestartSec=1
TimeoutStartSec=5min
TimeoutStopSec=1min
KillMode=mixed
LimitNOFILE=65536
TasksMax=256
${foldersOf(facts)}
CapabilityBoundingSet=CAP_NET_ADMIN${more} CAP_SETUID CAP_SETGID CAP_KILL CAP_DAC_READ_SEARCH
${appeals.mail ? MAIL : 'NoNewPrivileges=yes'}
${protection(isHome, isBalanced)}

[Install]
WantedBy=multi-user.target
`;
}

/** A Keepalived without any virtual server is never ready for systemd (2.2.7): first there is the guard's file. */
const BEFORE = 'Before=keepalived.service\n';

/** Files that the guard and its page read. */
const filesOf = ({
  self,
  file,
  settings: { page, certificates, allow, proxies, peers },
}: ServiceFacts): readonly string[] => [
  ...self,
  ...[file, page.template, page.logo].filter((path) => path !== null),
  ...(page.languages ?? []),
  ...certificates.flatMap(({ certificate, key }) => [certificate, key]),
  ...[...allow, ...proxies, ...peers].flatMap((who) => (who.kind === 'file' ? [who.path] : [])),
];

/** What the guard has no need for; with Keepalived it turns a switch of IPVS. */
const protection = (isHome: boolean, isBalanced: boolean): string => `ProtectSystem=strict
ProtectHome=${isHome ? 'read-only' : 'yes'}
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=${isBalanced ? 'no' : 'yes'}
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
RemoveIPC=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service @pkey
SystemCallErrorNumber=EPERM`;

/** Programs that send mail take rights of their own by their file's mode, and write to their queue. */
const MAIL = 'ReadWritePaths=-/var/spool -/var/mail -/var/log';

/** Where nginx writes when it tests its configuration, as Debian has it. */
const NGINX_WRITES = ['-/var/log/nginx', '-/var/lib/nginx', '-/run/nginx.pid'];

/** The folder's name below another one, under which systemd makes it itself; null when it is elsewhere. */
const below = (base: string, folder: string): string | null =>
  folder.startsWith(`${base}/`) ? folder.slice(base.length + 1) : null;

/** Folders of the guard that have to be there before it starts, since systemd does not make them. */
export const foldersToMake = ({ folder, socket }: Pick<GuardSettings, 'folder' | 'socket'>): readonly string[] => [
  ...(below('/run', dirname(socket)) === null ? [dirname(socket)] : []),
  ...(below('/var/lib', folder) === null ? [folder] : []),
];

/** Where sockets for logs are made, apart from the guard's own folder. */
const socketFolders = ({ logs, socket }: GuardSettings): readonly string[] =>
  logs.flatMap(({ origin }) =>
    origin.kind === 'socket' && dirname(origin.socket) !== dirname(socket) ? [dirname(origin.socket)] : [],
  );

/** What the guard writes to. */
function foldersOf({ settings }: ServiceFacts): string {
  const run = below('/run', dirname(settings.socket));
  const state = below('/var/lib', settings.folder);
  const made = [
    ...(run === null ? [] : [`RuntimeDirectory=${systemdWord(run)}`]),
    ...(state === null ? [] : [`StateDirectory=${systemdWord(state)}`, 'StateDirectoryMode=0700']),
  ];
  const others = [
    ...foldersToMake(settings),
    ...(settings.delivery.way === 'keepalived' ? [dirname(settings.delivery.keepalived.include)] : []),
    ...(settings.engine === 'nginx' ? [dirname(settings.nginx.folder), ...NGINX_WRITES] : []),
    ...(settings.engine === 'haproxy' ? [dirname(settings.haproxy.folder)] : []),
    ...socketFolders(settings),
  ];
  return [...made, ...(others.length === 0 ? [] : [`ReadWritePaths=${others.map(systemdWord).join(' ')}`])].join('\n');
}

/** The script for OpenRC: supervise-daemon(8) starts the guard again when it ends. */
export function openrcScript(facts: ServiceFacts): string {
  const [program, ...args] = words(facts, 'run');
  return `#!/sbin/openrc-run
description="Waymark guard: blocked visitors see a page that says why"
supervisor=supervise-daemon
command=${shellWord(program!)}
command_args=${shellWord(shellLine(args))}
respawn_delay=1
respawn_max=0
output_log=/var/log/${SERVICE_NAME}.log
error_log=/var/log/${SERVICE_NAME}.log

depend() {
	need net
	after firewall nftables iptables
}

stop_post() {
	${shellLine(words(facts, 'clear'))}
}
`;
}

/** A run script, as runit, s6 and daemontools take it; also what procd and others can start. */
export const runScript = (facts: ServiceFacts): string => `#!/bin/sh
# what a guard that was killed left in the kernel
${shellLine(words(facts, 'clear'))} 2>&1
exec ${shellLine(words(facts, 'run'))} 2>&1
`;
