import type { InterfaceKind } from '../../model/index.ts';

/** By the names that the systems give them: macOS has `utun` for every kind of tunnel, pfSense `ovpns` and `tun_wg`. */
export function interfaceKind(name: string): InterfaceKind {
  if (/^lo\d/.test(name)) return 'loopback';
  if (/^(tun_)?wg\d/.test(name)) return 'wireguard';
  if (/^(u?tun|tap|ovpn[cs])\d/.test(name)) return 'tun';
  if (/^gif\d/.test(name)) return 'ipip';
  return /^bridge\d/.test(name) ? 'bridge' : 'ethernet';
}
