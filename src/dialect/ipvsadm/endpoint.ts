import { parseAddress, type Address } from '../../ip/index.ts';

/** An address with a port, `10.0.0.1:80` or `[2001:db8::1]:80`; without a port it is 0. */
export function readEndpoint(text: string): { address: Address; port: number } | null {
  const m = /^(?:\[([^\]]*)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(text);
  const port = Number(m?.[3] ?? 0);
  const address = m ? parseAddress(m[1] ?? m[2]!) : null;
  return address?.ok === true && port <= 65535 ? { address: address.value, port } : null;
}
