import { interfaceKey, settingNumber, type Host } from '../model/index.ts';
import { forwards } from './right-way.ts';

/** The setting to write so that the host forwards what comes in by the interface: the whole host's, or just that one's. */
export function forwardingKey(host: Host, family: 4 | 6, dev: string): string {
  if (family === 6) return interfaceKey(6, 'all', 'forwarding');
  const own = interfaceKey(4, dev, 'forwarding');
  const isHalfOpen = forwards(host, 4) && host.settings.has(own) && settingNumber(host, own) === 0;
  return isHalfOpen ? own : 'ipv4/ip_forward';
}

/** The setting as sysctl knows it: with dots, unless one of its names has dots of its own. */
export const sysctlName = (key: string): string =>
  key.includes('.') ? `net/${key}` : `net.${key.replaceAll('/', '.')}`;
