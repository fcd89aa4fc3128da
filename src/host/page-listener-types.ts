import type { Diagnostic } from '../ip/index.ts';

/** A port to listen on. */
export interface PagePort {
  /** 0 takes a free one. */
  readonly port: number;
  /** One of this machine's addresses; all of them, IPv4 and IPv6, when not said. */
  readonly address?: string;
  /** TLS with HTTP/2 and HTTP/1.1; otherwise HTTP/1.1 alone. */
  readonly tls: boolean;
  /**
   * Connections stay open between requests: only for a port that a proxy alone talks to, which decides anew for each
   * request. A visitor's connection is closed after one answer, so that the end of a block gives the site back at once.
   */
  readonly kept?: boolean;
}

/** Two PEM files: a certificate with those that sign it, and its key. */
export interface CertificateFiles {
  readonly certificate: string;
  readonly key: string;
}

/** One request, as far as it matters. Everything but the address is what a stranger wrote. */
export interface PageRequest {
  /** Who asks, as text: IPv4 never as an IPv6-mapped one, no zone. */
  readonly address: string;
  readonly method: string;
  readonly path: string;
  /** By lower-case name; several of one name are joined. At most 100. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Where `bodyLimit` wants it; null when it was longer, broke off, or had to give way to others. */
  readonly body?: Uint8Array | null;
}

/** What is sent back. `Content-Length` is added when no header is called so; `Date` and `Connection` always. */
export interface PageAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** How much one visitor, and all of them, may take. */
export interface PageLimits {
  /** Connections at a time; one more costs the one that has waited longest for its request its place. 12 000. */
  readonly connections: number;
  /** Time to bring the handshake and all headers, in milliseconds. 5000. */
  readonly headersMs: number;
  /** Time from the first byte to the end, in milliseconds. 10 000. */
  readonly wholeMs: number;
  /** Bytes of a request's line and headers together. 16 384. */
  readonly headerBytes: number;
  /** 100. */
  readonly headerCount: number;
  /** Bytes of a body that are read, and thrown away, before no more is taken. 1 048 576. */
  readonly bodyBytes: number;
}

/** The limits when nothing else is said. */
export const PAGE_LIMITS: PageLimits = {
  connections: 12_000,
  headersMs: 5000,
  wholeMs: 10_000,
  headerBytes: 16 * 1024,
  headerCount: 100,
  bodyBytes: 1024 * 1024,
};

/** What `startPage` needs. */
export interface PageListenerOptions {
  readonly ports: readonly PagePort[];
  /** The first is for visitors who name no site. Files are read anew when they change. */
  readonly certificates?: readonly CertificateFiles[];
  /** The answer to one request. When it fails the visitor gets a bare 503. */
  readonly answer: (request: PageRequest) => PageAnswer | Promise<PageAnswer>;
  /** How long a body the answer to this request needs, in bytes; 0, as when not said, where it needs none. */
  readonly bodyLimit?: (request: PageRequest) => number;
  readonly limits?: Partial<PageLimits>;
  /** How often certificate files are looked at, in milliseconds. 10 000. */
  readonly recheckMs?: number;
  /** Is told of what goes wrong later: a renewed certificate that cannot be used, an answer that failed. */
  readonly report?: (diagnostic: Diagnostic) => void;
}

/** A page that is being served. */
export interface PageListener {
  /** Where, in the order of the ports asked for. */
  readonly addresses: readonly { readonly address: string; readonly port: number }[];
  /** How many connections are open. */
  connections(): number;
  /** Listens no more and ends every connection. */
  close(): Promise<void>;
}
