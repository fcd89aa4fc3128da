import { WRONG } from '../dialect/yaml/index.ts';
import type { Fact } from '../ip/index.ts';
import type { Setting } from '../model/index.ts';
import { settingKey } from '../dialect/sysctl/index.ts';
import type { NetworkFileReader } from './network-file-reader.ts';
import type { HostShape } from './schema.ts';

/** A setting as written, with its key below /proc/sys/net. */
interface WrittenSetting {
  readonly key: string;
  readonly setting: Setting;
}

/**
 * A host's settings after `forwards` and `settings` are written: the switches for forwarding first, since they set every
 * interface's own, then the others. Codes: `key-unknown`, `name-unknown`.
 */
export function readSettings(
  host: string,
  shape: HostShape,
  before: { readonly settings: ReadonlyMap<string, Setting>; readonly interfaces: readonly string[] },
  reader: NetworkFileReader,
): ReadonlyMap<string, Setting> {
  const written = [...forwards(host, shape, reader), ...settingsOf(host, shape, before.interfaces, reader)];
  const isSwitch = ({ key }: WrittenSetting): boolean => spreadOf(key) !== null;
  const settings = new Map(before.settings);
  for (const { key, setting } of [...written.filter(isSwitch), ...written.filter((w) => !isSwitch(w))]) {
    settings.set(key, setting);
    spread(settings, key, setting, before.interfaces);
  }
  return settings;
}

function forwards(host: string, shape: HostShape, reader: NetworkFileReader): readonly WrittenSetting[] {
  if (shape.forwards === undefined) return [];
  const value = shape.forwards ? '1' : '0';
  const fact = reader.fact(['hosts', host, 'forwards'], `forwards: ${shape.forwards}`);
  return ['ipv4/ip_forward', 'ipv6/conf/all/forwarding'].map((key) => ({ key, setting: { value, fact } }));
}

function settingsOf(
  host: string,
  shape: HostShape,
  interfaces: readonly string[],
  reader: NetworkFileReader,
): readonly WrittenSetting[] {
  return Object.entries(shape.settings ?? {}).flatMap(([name, raw]) => {
    if (raw === WRONG) return [];
    const path = ['hosts', host, 'settings', name];
    const key = settingKey(name);
    if (key === null || !/^[\w./:@-]+$/.test(key)) {
      const hint = `write it in full, such as 'net.ipv4.ip_forward'`;
      reader.add([
        {
          code: 'key-unknown',
          severity: 'error',
          message: `'${name.slice(0, 60)}' is no setting of the network`,
          hint,
          span: reader.at(path, 'key'),
        },
      ]);
      return [];
    }
    const dev = /^ipv[46]\/conf\/([^/]+)\//.exec(key)?.[1];
    if (dev !== undefined && dev !== 'all' && dev !== 'default' && !interfaces.includes(dev)) {
      const hint = reader.nearest(dev, interfaces);
      reader.add([
        {
          code: 'name-unknown',
          severity: 'error',
          message: `this host has no interface '${dev}'`,
          span: reader.at(path, 'key'),
          ...(hint !== undefined && { hint }),
        },
      ]);
      return [];
    }
    const value = typeof raw === 'boolean' ? String(Number(raw)) : String(raw);
    return [{ key, setting: { value, fact: reader.fact(path, `${name}: ${value}`, 'key') } }];
  });
}

/** Whether a host is written to forward IPv6. */
export function forwardsIpv6(shape: HostShape): boolean {
  const written = Object.entries(shape.settings ?? {}).filter(
    ([name]) => settingKey(name) === 'ipv6/conf/all/forwarding',
  );
  const value = written.at(-1)?.[1] ?? shape.forwards ?? false;
  return Number(value) > 0;
}

/** The family whose interfaces a setting switches all at once. */
function spreadOf(key: string): 'ipv4' | 'ipv6' | null {
  if (key === 'ipv4/ip_forward' || key === 'ipv4/conf/all/forwarding') return 'ipv4';
  return key === 'ipv6/conf/all/forwarding' ? 'ipv6' : null;
}

/** Writing the switch writes every interface's own, and a router stops believing redirects (inet_forward_change, addrconf_forward_change). */
function spread(
  settings: Map<string, Setting>,
  key: string,
  { value, fact }: Setting,
  interfaces: readonly string[],
): void {
  const family = spreadOf(key);
  if (family === null) return;
  const put = (k: string, v: string, why: Fact): unknown => settings.set(k, { value: v, fact: why });
  for (const name of ['all', 'default', ...interfaces]) put(`${family}/conf/${name}/forwarding`, value, fact);
  if (family === 'ipv6') return;
  put('ipv4/ip_forward', value, fact);
  put('ipv4/conf/all/accept_redirects', Number(value) === 0 ? '1' : '0', fact);
}
