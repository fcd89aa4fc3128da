import { failure, success, type Result } from '../../ip/index.ts';

/** Programs that keep routes over a reboot. */
export type KeeperName = 'netplan' | 'systemd-networkd' | 'NetworkManager' | 'ifupdown' | 'ifcfg';

/** Somebody who configures a link. */
export interface Claim {
  readonly by: KeeperName;
  /** The file that declares the link. */
  readonly file: string;
  /** What the link is called in there. */
  readonly id: string;
  /** By what it was found out. */
  readonly why: string;
  /** The program says now that the link is its own; else only a file says so. */
  readonly isLive: boolean;
}

/** Who keeps the routes of a link: whoever runs it now, else the only one with a file about it. Code `keeper-unclear`. */
export function decide(dev: string, claims: readonly Claim[]): Result<Claim> {
  const live = claims.filter((c) => c.isLive);
  const some = live.length > 0 ? live : claims;
  const names = new Set(some.map((c) => c.by));
  if (names.size === 1) return success(some[0]!);
  if (names.size === 0)
    return failure(
      'keeper-unclear',
      `nobody keeps the routes of ${dev}: no file of netplan, systemd-networkd, NetworkManager, ifupdown or ifcfg names it`,
      `declare ${dev} in one of them, or leave --persist out and run the command at every start`,
    );
  return failure(
    'keeper-unclear',
    `more than one configures ${dev}: ${some.map((c) => `${c.by} (${c.why})`).join(', ')}`,
    `leave ${dev} to one of them, and take it out of the files of the others`,
  );
}
