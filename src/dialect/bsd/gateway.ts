import { parseAddress, success, type Result } from '../../ip/index.ts';
import type { HopParts } from '../route-parts.ts';

/** `192.168.120.254`, or `fe80::1%em0` with its interface. */
export function gateway(text: string): Result<HopParts> {
  const [address = '', zone] = text.split('%');
  const via = parseAddress(address);
  if (!via.ok) return via;
  return success(zone === undefined ? { via: via.value } : { via: via.value, dev: zone });
}
