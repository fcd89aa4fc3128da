import { createPrivateKey, createPublicKey } from 'node:crypto';

/** What a raw X25519 key has in front in PKCS #8 (RFC 8410). */
const PKCS8 = Buffer.from('302e020100300506032b656e04220420', 'hex');

/** Whether the text is a key as wg writes it: 32 bytes in base64. */
export const isKey = (text: string): boolean => /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/.test(text);

/** The public key of a private one, as `wg pubkey` tells it; null when it is none. Source: wg(8), RFC 7748. */
export function publicKeyOf(privateKey: string): string | null {
  if (!isKey(privateKey)) return null;
  const raw = Buffer.from(privateKey, 'base64');
  const key = createPrivateKey({ key: Buffer.concat([PKCS8, raw]), format: 'der', type: 'pkcs8' });
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');
}
