/** What runs on a box, by the name of its language of routes. Without one it is Linux. */
export const SYSTEMS = [
  'linux',
  'macos',
  'freebsd',
  'openbsd',
  'pfsense',
  'opnsense',
  'windows',
  'ios',
  'junos',
  'routeros',
  'vyos',
  'edgeos',
  'fritzbox',
] as const;

/** A box's system. */
export type System = (typeof SYSTEMS)[number];

/** What a system does while nobody changed it. */
export interface SystemHabits {
  /** As people call it. */
  readonly title: string;
  /** Whether it forwards packets. */
  readonly forwards: { readonly 4: boolean; readonly 6: boolean };
  /** What its own packet filter does by itself, where it does more than let everything through. */
  readonly filter?: string;
  /** What to type there to see the route to an address (which follows), and whether it forwards. */
  readonly asks: { readonly route: string; readonly forwarding: string };
}

const END = { 4: false, 6: false } as const;
const ROUTER = { 4: true, 6: true } as const;
const BSD = { route: 'route -n get', forwarding: 'sysctl net.inet.ip.forwarding net.inet6.ip6.forwarding' };
const SHOW = { route: 'show ip route', forwarding: 'show running-config' };
const PF = 'by itself it lets in what comes from its LAN and nothing that begins elsewhere';

/**
 * Sources: each system's manual (inet(4) of the BSDs and macOS, `Forwarding` of Get-NetIPInterface, `ip routing` of IOS,
 * where IPv6 has to be switched on, IP Settings of RouterOS, `disable-forwarding` of VyOS).
 */
const HABITS: Readonly<Record<System, SystemHabits>> = {
  linux: {
    title: 'Linux',
    forwards: END,
    asks: { route: 'ip route get', forwarding: 'sysctl net.ipv4.ip_forward net.ipv6.conf.all.forwarding' },
  },
  macos: { title: 'macOS', forwards: END, asks: BSD },
  freebsd: { title: 'FreeBSD', forwards: END, asks: BSD },
  openbsd: { title: 'OpenBSD', forwards: END, asks: BSD },
  pfsense: { title: 'pfSense', forwards: ROUTER, filter: PF, asks: BSD },
  opnsense: { title: 'OPNsense', forwards: ROUTER, filter: PF, asks: BSD },
  windows: {
    title: 'Windows',
    forwards: END,
    filter: 'by itself it drops what others begin, ping too',
    asks: {
      route: 'Find-NetRoute -RemoteIPAddress',
      forwarding: 'Get-NetIPInterface | ft ifIndex,InterfaceAlias,AddressFamily,Forwarding',
    },
  },
  ios: { title: 'Cisco IOS', forwards: { 4: true, 6: false }, asks: SHOW },
  junos: { title: 'Junos', forwards: ROUTER, asks: { route: 'show route', forwarding: 'show configuration' } },
  routeros: {
    title: 'RouterOS',
    forwards: ROUTER,
    asks: { route: '/ip/route/print, for', forwarding: '/ip/settings/print' },
  },
  vyos: { title: 'VyOS', forwards: ROUTER, asks: { ...SHOW, forwarding: 'show configuration commands' } },
  edgeos: { title: 'EdgeOS', forwards: ROUTER, asks: { ...SHOW, forwarding: 'show configuration commands' } },
  fritzbox: {
    title: 'FRITZ!Box',
    forwards: ROUTER,
    filter: 'by itself it lets nothing in that begins on the internet',
    asks: { route: 'its page of static routes, for', forwarding: 'its pages' },
  },
};

/** What the system does while nobody changed it. */
export const habitsOf = (system: System | undefined): SystemHabits => HABITS[system ?? 'linux'];
