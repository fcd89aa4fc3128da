import type { Diagnostic } from '../ip/index.ts';
import type { OpenVpn } from '../model/index.ts';
import type { IpLine } from './ip-line.ts';

/** One kernel setting to write: its key below /proc/sys/net, and the value. */
export type PlannedSetting = readonly [key: string, value: string];

/** What is done inside one namespace, in this order. */
export interface BoxPlan {
  readonly namespace: string;
  /** Written before it has any interface but `lo`. */
  readonly first: readonly PlannedSetting[];
  /** Lines for `ip -batch -`, and those that need `ip -6 -batch -`. */
  readonly ip: readonly IpLine[];
  readonly ip6: readonly IpLine[];
  /** Cables that must carry packets before the box is ready. */
  readonly carriers: readonly string[];
  /** Written once its interfaces are there. */
  readonly settings: readonly PlannedSetting[];
  /** Of these, the ones that must hold afterwards; others the kernel may not have. */
  readonly mustHold: ReadonlySet<string>;
  /** Text for `nft -f -`; empty for none. */
  readonly ruleset: string;
}

/** One OpenVPN process. */
export interface TunnelEndPlan {
  readonly role: 'server' | 'client';
  /** Name of its files: keys, configuration, log. */
  readonly file: string;
  /** In its certificate. */
  readonly commonName: string;
  /** The configuration, as far as it is known before there are keys. `dev` is its name before it is moved. */
  readonly vpn: OpenVpn;
  /** Where the interface is moved, and what it is called there. */
  readonly namespace: string;
  readonly interface: string;
  /** A client's file in the server's directory. */
  readonly ccd: string;
  /** Addresses and networks that the server's table must have for this client, as its log writes them. */
  readonly learns: readonly string[];
}

/** One OpenVPN server with the clients that are connected. */
export interface TunnelPlan {
  readonly name: string;
  readonly server: TunnelEndPlan;
  readonly clients: readonly TunnelEndPlan[];
}

/** Everything that has to be done to build a lab. */
export interface LabPlan {
  /** Name of the run: the namespaces are called `wm-RUN-…`. */
  readonly run: string;
  /** Namespace of each host. */
  readonly hosts: ReadonlyMap<string, string>;
  /** All namespaces, those of hosts first. */
  readonly namespaces: readonly string[];
  /** The namespace of bridges and OpenVPN processes. */
  readonly links: string;
  /** Lines for `ip -batch -` outside: cables between namespaces. */
  readonly wiring: readonly IpLine[];
  readonly boxes: readonly BoxPlan[];
  readonly tunnels: readonly TunnelPlan[];
  /** What is not built as the network says. Code: `lab-limit`. */
  readonly diagnostics: readonly Diagnostic[];
}
