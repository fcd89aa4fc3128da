import { ifupdownHas, netplanIds } from '../../dialect/index.ts';
import type { Machine } from '../../host/index.ts';
import type { Claim } from './claim.ts';

/** Everybody who configures the link, by what runs and by what files say. */
export async function claimsOn(machine: Machine, dev: string): Promise<readonly Claim[]> {
  const all = [
    await networkd(machine, dev),
    await networkManager(machine, dev),
    await ifupdown(machine, dev),
    await netplan(machine, dev),
    await ifcfg(machine, dev),
  ].flat();
  // NetworkManager keeps a connection of ifcfg files in these
  const isOther = all.some((c) => c.isLive && c.by === 'NetworkManager');
  return isOther ? all.filter((c) => c.by !== 'ifcfg' || c.isLive) : all;
}

/** Texts of the files of a folder whose names end so, by path. */
export async function filesIn(
  machine: Machine,
  folder: string,
  end: RegExp,
): Promise<readonly (readonly [string, string])[]> {
  const names = await machine.list(folder);
  const found: (readonly [string, string])[] = [];
  for (const name of names.ok ? names.value : []) {
    const text = end.test(name) ? await machine.readFile(`${folder}/${name}`) : null;
    if (text?.ok) found.push([`${folder}/${name}`, text.value]);
  }
  return found;
}

const lineOf = (text: string, pattern: RegExp): string | undefined => pattern.exec(text)?.[1];
const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** systemd-networkd writes down which file configures a link (sd-network); netplan's generator names its files `10-netplan-ID`. */
async function networkd(machine: Machine, dev: string): Promise<readonly Claim[]> {
  const index = await machine.readFile(`/sys/class/net/${dev}/ifindex`);
  const state = index.ok ? await machine.readFile(`/run/systemd/netif/links/${index.value.trim()}`) : null;
  const file = state?.ok && (await isOurNetwork(machine)) ? lineOf(state.value, /^NETWORK_FILE=(.+)$/m) : undefined;
  if (file !== undefined) {
    const id = lineOf(baseOf(file), /^\d+-netplan-(.+)\.network$/);
    const why = `networkctl status ${dev} names ${file}`;
    if (id === undefined) return [{ by: 'systemd-networkd', file, id: dev, why, isLive: true }];
    return netplanClaim(machine, id, dev, why);
  }
  const declared = await filesIn(machine, '/etc/systemd/network', /\.network$/);
  const own = declared.find(([, text]) => namesOf(text).some((name) => isLikeGlob(dev, name)));
  return own ? [{ by: 'systemd-networkd', file: own[0], id: dev, why: own[0], isLive: false }] : [];
}

/** What runs tells of the first network namespace. */
async function isOurNetwork(machine: Machine): Promise<boolean> {
  const own = await machine.run(['readlink', '/proc/self/ns/net']);
  const first = await machine.run(['readlink', '/proc/1/ns/net']);
  return own.code === 0 && own.stdout === first.stdout;
}

/** `Name=` below `[Match]` (systemd.network(5)). */
const namesOf = (text: string): readonly string[] =>
  (lineOf(text.split(/^\s*\[(?!Match\])/m)[0]!, /^\s*Name\s*=\s*(.+?)\s*$/m) ?? '')
    .split(/\s+/)
    .filter((n) => n !== '');

const isLikeGlob = (name: string, glob: string): boolean =>
  new RegExp(
    `^${glob
      .replace(/[.+^${}()|\\]/g, '\\$&')
      .replace(/\*/g, '.*')
      .replace(/\?/g, '.')}$`,
  ).test(name);

/** NetworkManager tells which file the connection that runs on a link is in. */
async function networkManager(machine: Machine, dev: string): Promise<readonly Claim[]> {
  const argv = ['nmcli', '-t', '-e', 'no', '-f', 'DEVICE,FILENAME', 'connection', 'show', '--active'];
  const said = (await isOurNetwork(machine)) ? await machine.run(argv) : null;
  const line = said?.code === 0 ? said.stdout.split('\n').find((l) => l.startsWith(`${dev}:`)) : undefined;
  const file = line?.slice(dev.length + 1) ?? '';
  if (file !== '') {
    const why = `nmcli names ${file}`;
    const id = lineOf(baseOf(file), /^netplan-(.+)\.nmconnection$/);
    if (id !== undefined) return netplanClaim(machine, id, dev, why);
    if (/\/ifcfg-[^/]+$/.test(file)) return [{ by: 'ifcfg', file, id: dev, why, isLive: true }];
    return [{ by: 'NetworkManager', file, id: dev, why, isLive: true }];
  }
  const declared = await filesIn(machine, '/etc/NetworkManager/system-connections', /^[^.].*/);
  const own = declared.find(([, text]) => lineOf(text, /^\s*interface-name\s*=\s*(\S+)/m) === dev);
  return own ? [{ by: 'NetworkManager', file: own[0], id: dev, why: own[0], isLive: false }] : [];
}

/** `iface DEV` in /etc/network/interfaces or what it sources; that it is up stands in ifupdown's state file. */
async function ifupdown(machine: Machine, dev: string): Promise<readonly Claim[]> {
  const state = await machine.readFile('/run/network/ifstate');
  const isLive = state.ok && new RegExp(`^${dev}=`, 'm').test(state.value) && (await isOurNetwork(machine));
  const main = await machine.readFile('/etc/network/interfaces');
  if (!main.ok) return [];
  const sourced = [...main.value.matchAll(/^\s*source(?:-directory)?\s+(\S+)/gm)].map((m) => m[1]!);
  const files: (readonly [string, string])[] = [['/etc/network/interfaces', main.value]];
  for (const path of sourced) {
    const [, folder = '', name = '*'] = /^(.*?)(?:\/([^/]*[*?.][^/]*))?$/.exec(path) ?? [];
    const absolute = folder.startsWith('/') ? folder : `/etc/network/${folder}`;
    for (const found of await filesIn(machine, absolute, /^[^.]/))
      if (isLikeGlob(baseOf(found[0]), name)) files.push(found);
  }
  const own = files.filter(([, text]) => ifupdownHas(text, dev)).at(-1);
  return own ? [{ by: 'ifupdown', file: own[0], id: dev, why: `iface ${dev} in ${own[0]}`, isLive }] : [];
}

async function netplan(machine: Machine, dev: string): Promise<readonly Claim[]> {
  for (const [file, text] of await filesIn(machine, '/etc/netplan', /\.yaml$/)) {
    const id = netplanIds(text).find((i) => i.id === dev || i.name === dev)?.id;
    if (id !== undefined && !/\/90-waymark-/.test(file)) return [{ by: 'netplan', file, id, why: file, isLive: false }];
  }
  return [];
}

async function netplanClaim(machine: Machine, id: string, dev: string, why: string): Promise<readonly Claim[]> {
  for (const [file, text] of await filesIn(machine, '/etc/netplan', /\.yaml$/))
    if (netplanIds(text).some((i) => i.id === id) && !/\/90-waymark-/.test(file))
      return [{ by: 'netplan', file, id, why, isLive: true }];
  return [{ by: 'netplan', file: '/etc/netplan', id: dev, why, isLive: true }];
}

async function ifcfg(machine: Machine, dev: string): Promise<readonly Claim[]> {
  const file = `/etc/sysconfig/network-scripts/ifcfg-${dev}`;
  return (await machine.exists(file)) ? [{ by: 'ifcfg', file, id: dev, why: file, isLive: false }] : [];
}
