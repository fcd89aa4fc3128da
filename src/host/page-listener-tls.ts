import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Certificates } from './page-listener-certificates.ts';
import { ignore } from './page-listener-connections.ts';

/**
 * A fatal alert "unrecognized_name" (RFC 6066, section 3) as a whole record (RFC 8446, sections 5.1 and 6). Nothing is
 * encrypted yet when it is sent, and Node has no way to send it.
 */
const UNRECOGNIZED_NAME = Buffer.from([21, 3, 3, 0, 2, 2, 112]);

/**
 * Begins TLS on a fresh connection and hands it over when the handshake is done. A name without a certificate is told so
 * and the connection ends; what is no TLS gets OpenSSL's alert.
 */
export function beginTls(raw: Socket, certificates: Certificates, done: (socket: TLSSocket) => void): void {
  const socket = new TLSSocket(raw, {
    isServer: true,
    secureContext: certificates.fallback,
    ALPNProtocols: ['h2', 'http/1.1'],
    SNICallback: (name, found) => {
      const context = certificates.find(name);
      if (context) found(null, context);
      else if (!raw.destroyed) raw.end(UNRECOGNIZED_NAME, () => raw.destroySoon());
    },
  });
  socket.disableRenegotiation();
  socket.on('error', ignore);
  socket.once('_tlsError', () => raw.destroySoon());
  socket.once('close', () => raw.destroy());
  socket.once('secure', () => {
    // what tls.Server does at this point (lib/internal/tls/wrap.js, onServerSocketSecure); HTTP/2 waits for it
    Object.assign(socket, { secureConnecting: false });
    done(socket);
  });
}
