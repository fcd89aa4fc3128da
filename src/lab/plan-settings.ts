import { interfaceKey, setting, type Host } from '../model/index.ts';
import type { PlannedSetting } from './lab-plan.ts';

/** Per interface: what a packet's fate hangs on. */
const IPV4 = [
  'rp_filter',
  'accept_redirects',
  'send_redirects',
  'shared_media',
  'accept_local',
  'route_localnet',
  'src_valid_mark',
] as const;

/** The same, which the model takes as never changed (Documentation/networking/ip-sysctl.rst). */
const IPV4_FIXED: readonly PlannedSetting[] = [
  ['secure_redirects', '1'],
  ['proxy_arp', '0'],
  ['arp_ignore', '0'],
  ['arp_filter', '0'],
  // a question in the name of another interface's address may go unanswered: the model's neighbours always answer
  ['arp_announce', '2'],
  ['ignore_routes_with_linkdown', '0'],
];

const IPV6_FIXED: readonly PlannedSetting[] = [
  ['disable_ipv6', '0'],
  ['accept_ra', '0'],
  ['autoconf', '0'],
];

/** Before there are interfaces: no duplicate address detection, no rationed errors. */
const FIRST: readonly PlannedSetting[] = [
  ['ipv4/ip_forward', '0'],
  ['ipv6/conf/all/forwarding', '0'],
  ...['all', 'default'].flatMap((dev): PlannedSetting[] => [
    [`ipv6/conf/${dev}/accept_dad`, '0'],
    [`ipv6/conf/${dev}/accept_ra`, '0'],
  ]),
  ['ipv6/conf/default/router_solicitations', '0'],
  ['ipv4/icmp_ratemask', '0'],
  ['ipv6/icmp/ratelimit', '0'],
];

/** What every namespace starts with: it copies what it does not set from the machine it runs on. */
export const firstSettings = (): readonly PlannedSetting[] => FIRST;

/** What hosts start with: no link-local address comes by itself. */
export const firstHostSettings = (): readonly PlannedSetting[] => [...FIRST, ['ipv6/conf/default/addr_gen_mode', '1']];

/**
 * All settings of a host, those first that write others: what the model has, and the model's defaults for the rest.
 * `mustHold` are those that a trace reads.
 */
export function hostSettings(host: Host): { settings: readonly PlannedSetting[]; mustHold: ReadonlySet<string> } {
  const value = (key: string): PlannedSetting => [key, setting(host, key).value];
  const switches = ['ipv4/ip_forward', 'ipv6/conf/all/forwarding'].map(value);
  const names = ['all', 'default', 'lo', ...host.interfaces.map((i) => i.name).filter((n) => n !== 'lo')];
  const needed = [
    ...switches,
    ...names.flatMap((dev) => [forwarding(host, dev), ...IPV4.map((name) => value(interfaceKey(4, dev, name)))]),
    ...['ipv4/ip_default_ttl', 'ipv4/icmp_echo_ignore_all', 'ipv4/fwmark_reflect', 'ipv6/fwmark_reflect'].map(value),
  ];
  const fixed = names.flatMap((dev) => [
    ...IPV4_FIXED.map(([name, v]): PlannedSetting => [interfaceKey(4, dev, name), v]),
    ...IPV6_FIXED.map(([name, v]): PlannedSetting => [interfaceKey(6, dev, name), v]),
    ...neighbourTimes(dev),
  ]);
  const all = new Map<string, string>([...needed, ...fixed]);
  for (const [key, { value: own }] of host.settings) if (isWritable(key, own)) all.set(key, own);
  for (const [key, own] of needed) all.set(key, own);
  return { settings: [...all], mustHold: new Set(needed.map(([key]) => key)) };
}

/** One line for sysctl(8), whatever a network file says. */
const isWritable = (key: string, value: string): boolean => /^[\w./:@+-]+$/.test(key) && /^[\w\t .,:+-]*$/.test(value);

/** As the trace reads it: the interface's own, else the host's switch. */
function forwarding(host: Host, dev: string): PlannedSetting {
  const key = interfaceKey(4, dev, 'forwarding');
  return [key, setting(host, host.settings.has(key) ? key : 'ipv4/ip_forward').value];
}

/** A neighbour that does not answer is given up after 0.6 seconds instead of 3. */
function neighbourTimes(dev: string): readonly PlannedSetting[] {
  if (dev === 'all' || dev === 'default' || dev === 'lo') return [];
  return ([4, 6] as const).map((family) => [`ipv${family}/neigh/${dev}/retrans_time_ms`, '200']);
}
