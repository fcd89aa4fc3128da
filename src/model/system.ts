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
}

const END = { 4: false, 6: false } as const;
const ROUTER = { 4: true, 6: true } as const;
const PF = 'by itself it lets in what comes from its LAN and nothing that begins elsewhere';

/**
 * Sources: each system's manual (inet(4) of the BSDs and macOS, `Forwarding` of Get-NetIPInterface, `ip routing` of IOS,
 * where IPv6 has to be switched on, IP Settings of RouterOS, `disable-forwarding` of VyOS).
 */
const HABITS: Readonly<Record<System, SystemHabits>> = {
  linux: { title: 'Linux', forwards: END },
  macos: { title: 'macOS', forwards: END },
  freebsd: { title: 'FreeBSD', forwards: END },
  openbsd: { title: 'OpenBSD', forwards: END },
  pfsense: { title: 'pfSense', forwards: ROUTER, filter: PF },
  opnsense: { title: 'OPNsense', forwards: ROUTER, filter: PF },
  windows: { title: 'Windows', forwards: END, filter: 'by itself it drops what others begin, ping too' },
  ios: { title: 'Cisco IOS', forwards: { 4: true, 6: false } },
  junos: { title: 'Junos', forwards: ROUTER },
  routeros: { title: 'RouterOS', forwards: ROUTER },
  vyos: { title: 'VyOS', forwards: ROUTER },
  edgeos: { title: 'EdgeOS', forwards: ROUTER },
  fritzbox: {
    title: 'FRITZ!Box',
    forwards: ROUTER,
    filter: 'by itself it lets nothing in that begins on the internet',
  },
};

/** What the system does while nobody changed it. */
export const habitsOf = (system: System | undefined): SystemHabits => HABITS[system ?? 'linux'];
