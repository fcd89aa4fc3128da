import { parseWgDump } from '../dialect/wireguard/index.ts';
import type { Host } from '../model/index.ts';
import { sectionOf } from './bundle.ts';
import { isAbsent, readSection, type Reading } from './host-from-bundle-reading.ts';

const COMMAND = 'wg show all dump';

/** The host's WireGuard interfaces, as the kernel has them. */
export function readWireGuard(reading: Reading): Pick<Host, 'wireguard'> {
  if (isAbsent(sectionOf(reading.bundle, COMMAND))) return {};
  const wireguard = readSection(reading, COMMAND, parseWgDump, []);
  return wireguard.length > 0 ? { wireguard } : {};
}
