import {
  joinOpenVpn,
  parseCcdFile,
  parseOpenVpnConfig,
  parseOpenVpnStatus,
  type OpenVpnConfig,
} from '../dialect/index.ts';
import { isLinkLocal, sameAddress, type Address } from '../ip/index.ts';
import type { Interface, OpenVpn } from '../model/index.ts';
import { sectionOf, type BundleSection } from './bundle.ts';
import { isGood, noteFailure, readSection, sourceOf, type Reading } from './host-from-bundle-reading.ts';

const PROCESS = /^openvpn process (\d+) in (.*)$/;

/** The OpenVPN processes of the host, each with its client directory and status. */
export function readOpenVpn(reading: Reading, interfaces: readonly Interface[]): readonly OpenVpn[] {
  const used = new Set<string>();
  const processes = reading.bundle.sections
    .filter((s) => PROCESS.test(s.command) && s.text.trim() !== '')
    .flatMap((s) => readProcess(reading, s, used));
  noteIdle(reading, used);
  const claimed = new Set(processes.map((p) => p.dev));
  return processes.map((p) => onInterface(p, interfaces, claimed));
}

/** One process; none when its configuration could not be read. */
function readProcess(reading: Reading, section: BundleSection, used: Set<string>): OpenVpn[] {
  const directory = PROCESS.exec(section.command)![2]!;
  const resolve = (path: string): string => (path.startsWith('/') ? path : `${directory}/${path}`);
  let unreadable: string | undefined;
  const include = (path: string): { text: string; source: string } | undefined => {
    const command = `file ${resolve(path)}`;
    used.add(command);
    const file = sectionOf(reading.bundle, command);
    if (isGood(file)) return { text: file.text, source: sourceOf(reading.bundle, command) };
    unreadable = command;
    return undefined;
  };
  const config = parseOpenVpnConfig(section.text, sourceOf(reading.bundle, section.command), include);
  if (unreadable !== undefined) {
    reading.diagnostics.push({
      code: 'privilege-missing',
      severity: 'warning',
      message: `${reading.bundle.source}: the configuration of a running OpenVPN could not be read: its tunnel is not known`,
      hint: 'collect as root',
    });
    return [];
  }
  reading.diagnostics.push(...config.diagnostics);
  const ccd = readClientDirectory(reading, config.value, resolve);
  const joined = joinOpenVpn(config.value, ccd, readStatus(reading, config.value, resolve));
  reading.diagnostics.push(...joined.diagnostics);
  return [joined.value];
}

type Resolve = (path: string) => string;

function readClientDirectory(
  reading: Reading,
  { extra }: OpenVpnConfig,
  resolve: Resolve,
): Parameters<typeof joinOpenVpn>[1] {
  if (extra.clientConfigDir === undefined) return new Map();
  const directory = resolve(withoutSlashes(extra.clientConfigDir));
  if (!isGood(sectionOf(reading.bundle, `ls ${directory}`))) noteFailure(reading, `ls ${directory}`);
  const start = `file ${directory}/`;
  const files = reading.bundle.sections
    .map((s) => s.command)
    .filter((command) => command.startsWith(start) && !command.slice(start.length).includes('/'));
  return new Map(
    files.flatMap((command) => {
      const file = readSection(reading, command, parseCcdFile, undefined);
      return file ? [[command.slice(start.length), file] as const] : [];
    }),
  );
}

function readStatus(reading: Reading, config: OpenVpnConfig, resolve: Resolve): Parameters<typeof joinOpenVpn>[2] {
  const { statusFile, managementSocket } = config.extra;
  if (config.role !== 'server') return undefined;
  if (statusFile !== undefined)
    return readSection(reading, `file ${resolve(statusFile)}`, parseOpenVpnStatus, undefined);
  if (managementSocket === undefined) return undefined;
  return readSection(reading, `management ${resolve(managementSocket)}`, parseOpenVpnStatus, undefined);
}

/** Names the configurations in /etc/openvpn that no process uses. */
function noteIdle(reading: Reading, used: ReadonlySet<string>): void {
  for (const { command } of reading.bundle.sections) {
    if (!/^file \/etc\/openvpn\/((server|client)\/)?[^/]+\.conf$/.test(command) || used.has(command)) continue;
    const message = `${reading.bundle.source}: no OpenVPN runs with ${command.slice('file '.length)}`;
    reading.diagnostics.push({ code: 'openvpn-not-running', severity: 'note', message });
  }
}

/** The process with its interface's name and own addresses, where the configuration leaves them open. */
function onInterface(vpn: OpenVpn, interfaces: readonly Interface[], claimed: ReadonlySet<string>): OpenVpn {
  const own = interfaces.find((i) => i.name === vpn.dev) ?? unnamedTun(vpn, interfaces, claimed);
  if (!own) return vpn;
  const there = own.addresses.filter((a) => !isLinkLocal(a.address));
  const point = there.some((a) => a.address.family === 4 && a.peer !== undefined);
  return {
    ...vpn,
    dev: own.name,
    addresses: vpn.addresses.length > 0 ? vpn.addresses : there.map((a) => a.address),
    // a client learns its topology from the server: its own address shows which
    topology: vpn.role === 'client' && there.length > 0 ? (point ? 'net30' : 'subnet') : vpn.topology,
  };
}

/** For a bare `dev tun`: the interface with one of its addresses, or the only one that no other process names. */
function unnamedTun(
  vpn: OpenVpn,
  interfaces: readonly Interface[],
  claimed: ReadonlySet<string>,
): Interface | undefined {
  const free = interfaces.filter((i) => i.name.startsWith(vpn.dev) && i.kind !== 'ethernet' && !claimed.has(i.name));
  const has = (i: Interface, address: Address): boolean => i.addresses.some((a) => sameAddress(a.address, address));
  const byAddress = free.find((i) => vpn.addresses.some((a) => has(i, a)));
  return byAddress ?? (free.length === 1 ? free[0] : undefined);
}

function withoutSlashes(path: string): string {
  let end = path.length;
  while (end > 1 && path[end - 1] === '/') end--;
  return path.slice(0, end);
}
