import type { Interface, NetworkManager } from '../model/index.ts';
import { sectionOf } from './bundle.ts';
import type { Reading } from './host-from-bundle-reading.ts';

/**
 * Who keeps the host's routes over a reboot: netplan where it has files and one of its two programs runs; else ifupdown
 * where /etc/network/interfaces names an interface that is there; else the program that runs.
 */
export function readManager(reading: Reading, interfaces: readonly Interface[]): NetworkManager {
  const lines = sectionOf(reading.bundle, 'managers')?.text.split('\n') ?? [];
  const networkd = lines.includes('running systemd-network');
  const nmcli = lines.includes('running NetworkManager');
  if (lines.some((l) => l.startsWith('file /etc/netplan/')) && (networkd || nmcli)) return 'netplan';
  const named = new Set(lines.map((l) => /^iface\s+(\S+)/.exec(l)?.[1]));
  if (interfaces.some((i) => i.kind !== 'loopback' && named.has(i.name))) return 'ifupdown';
  return networkd ? 'networkd' : nmcli ? 'nmcli' : 'unknown';
}
