import { formatAddress, type Address, type Family } from '../../ip/index.ts';
import type { PageServer } from './engine.ts';

/** How IPVS spreads connections: keepalived.conf(5), `lb_algo`. */
export const SCHEDULERS = [
  'wlc',
  'lc',
  'wrr',
  'rr',
  'sh',
  'mh',
  'sed',
  'nq',
  'fo',
  'ovf',
  'dh',
  'lblc',
  'lblcr',
] as const;

/** How a packet gets to a page server: its address translated, its frame sent on, or wrapped in a packet. */
export const KINDS = ['nat', 'dr', 'tunnel'] as const;

/** What concerns Keepalived alone. */
export interface KeepalivedSettings {
  readonly mark: number;
  readonly scheduler: (typeof SCHEDULERS)[number];
  readonly kind: (typeof KINDS)[number];
  readonly check: 'http' | 'tcp';
  /** Seconds between two checks. */
  readonly every: number;
  /** The file of our own, the configuration that includes it, and the pid file of the process that reads it. */
  readonly include: string;
  readonly config: string;
  readonly pid: string;
}

/** What the virtual servers lead to. */
export interface KeepalivedPages {
  readonly ports: readonly { readonly site: number; readonly page: number; readonly tls: boolean }[];
  readonly servers: readonly PageServer[];
  readonly sorry: readonly Address[];
}

/** Where a page server says that it lives. */
export const HEALTH_PATH = '/.well-known/waymark-health';

const LB_KINDS = { nat: 'NAT', dr: 'DR', tunnel: 'TUN' } as const;

/** The first line of the guard's own file. */
export const INCLUDE_HEAD = '# Written by waymark guard, which writes it anew when its settings change.';

/** The file that Keepalived includes: a virtual server of the mark for each family that has page servers. */
export const includeText = (settings: KeepalivedSettings, pages: KeepalivedPages): string =>
  `${INCLUDE_HEAD}\n${[4, 6].map((family) => virtualServer(settings, pages, family as Family)).join('')}`;

function virtualServer(settings: KeepalivedSettings, pages: KeepalivedPages, family: Family): string {
  const servers = pages.servers.filter((s) => s.address.family === family);
  if (servers.length === 0) return '';
  const sorry = pages.sorry.find((a) => a.family === family);
  const port = portOf(pages);
  return (
    block(`virtual_server fwmark ${settings.mark}`, [
      `delay_loop ${settings.every}`,
      `lb_algo ${settings.scheduler}`,
      `lb_kind ${LB_KINDS[settings.kind]}`,
      `ip_family ${family === 4 ? 'inet' : 'inet6'}`,
      ...(sorry ? [`sorry_server ${formatAddress(sorry)}${port}`] : []),
      ...servers.flatMap((server) => realServer(settings, pages, server)),
    ]).join('\n') + '\n'
  );
}

function realServer(
  settings: KeepalivedSettings,
  pages: KeepalivedPages,
  { address, weight }: PageServer,
): readonly string[] {
  // without TLS where there is such a port: the check then needs no handshake
  const asked = pages.ports.find((p) => !p.tls) ?? pages.ports[0]!;
  const common = [`connect_port ${asked.page}`, 'connect_timeout 3', 'retry 1', 'delay_before_retry 1'];
  const url = block('url', [`path ${HEALTH_PATH}`, 'status_code 200']);
  const check =
    settings.check === 'tcp'
      ? block('TCP_CHECK', common)
      : block(asked.tls ? 'SSL_GET' : 'HTTP_GET', [...url, ...common]);
  return block(`real_server ${formatAddress(address)}${portOf(pages)}`, [`weight ${weight}`, ...check]);
}

/** Without one the packet keeps its own, so that one mark serves all ports. */
function portOf({ ports }: KeepalivedPages): string {
  const [only] = ports;
  return ports.length === 1 && only!.page !== only!.site ? ` ${only!.page}` : '';
}

const block = (head: string, lines: readonly string[]): readonly string[] => [
  `${head} {`,
  ...lines.map((line) => `    ${line}`),
  '}',
];
