import { settingName } from './setting-key.ts';

/** The file that keeps Waymark's settings over a reboot. */
export const SETTINGS_FILE = '/etc/sysctl.d/90-waymark.conf';

/** The command that sets a setting until the next reboot, as arguments: `['sysctl', '-w', 'net.ipv4.ip_forward=1']`. */
export const settingCommand = (key: string, value: string): readonly string[] => [
  'sysctl',
  '-w',
  `${settingName(key)}=${value}`,
];

/**
 * The whole content of `SETTINGS_FILE` for these settings, keys as below /proc/sys/net, in their order. To add one, read the
 * file that is there with `parseSettings` first.
 */
export const formatSettings = (settings: ReadonlyMap<string, string>): string =>
  [...settings].map(([key, value]) => `${settingName(key)} = ${value}\n`).join('');
