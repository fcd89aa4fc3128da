import type { Socket } from 'node:net';
import type { PageLimits } from './page-listener-types.ts';

/** How often it is looked who is late, in milliseconds. */
const SWEEP_MS = 250;

/** An open connection. */
interface Held {
  /** When it came, or brought its last answer to an end. */
  readonly since: number;
  /** Whether a request has come and is not over. */
  answering: boolean;
}

/**
 * Every open connection, the longest held first. Ends the ones that are late, and the one that has waited longest when
 * there are too many.
 */
export class Connections {
  readonly #limits: PageLimits;
  readonly #held = new Map<Socket, Held>();
  readonly #sweeper: NodeJS.Timeout;

  /** One for all sockets: a closure for each would cost more. */
  readonly #forget: (this: Socket) => void;

  constructor(limits: PageLimits) {
    this.#limits = limits;
    const held = this.#held;
    this.#forget = function () {
      held.delete(this);
    };
    this.#sweeper = setInterval(() => {
      this.#sweep(performance.now());
    }, SWEEP_MS);
    this.#sweeper.unref();
  }

  get count(): number {
    return this.#held.size;
  }

  /** Takes a new connection in, and keeps it until it closes. */
  admit(socket: Socket): void {
    if (this.count >= this.#limits.connections) this.#dropOldest();
    this.#held.set(socket, { since: performance.now(), answering: false });
    socket.on('error', ignore); // a visitor who goes away is no error
    socket.on('close', this.#forget);
  }

  /** Notes that a request has come. False when there is one already, or the connection is gone. */
  begin(socket: Socket): boolean {
    const held = this.#held.get(socket);
    if (held === undefined || held.answering) return false;
    held.answering = true;
    return true;
  }

  /** Whether a request has come and is not over. */
  isAnswering(socket: Socket): boolean {
    return this.#held.get(socket)?.answering === true;
  }

  /** Notes that a kept connection may bring its next request. */
  again(socket: Socket): void {
    if (this.#held.delete(socket)) this.#held.set(socket, { since: performance.now(), answering: false });
  }

  closeAll(): void {
    clearInterval(this.#sweeper);
    for (const socket of [...this.#held.keys()]) socket.destroy();
  }

  #dropOldest(): void {
    const [oldest] = this.#held.keys();
    let dropped = oldest;
    for (const [socket, { answering }] of this.#held) {
      if (answering) continue;
      dropped = socket;
      break;
    }
    if (dropped === undefined) return;
    this.#held.delete(dropped);
    dropped.destroy();
  }

  #sweep(now: number): void {
    const { headersMs, wholeMs } = this.#limits;
    for (const [socket, { since, answering }] of this.#held) {
      const age = now - since;
      if (age < Math.min(headersMs, wholeMs)) break; // those behind came later
      if (age >= (answering ? wholeMs : headersMs)) socket.destroy();
    }
  }
}

const RAW = Symbol('raw');

/** Notes on which connection a TLS one runs. */
export const layOver = (socket: Socket, raw: Socket): Socket => Object.assign(socket, { [RAW]: raw });

/**
 * The connection below a TLS one, which is what `Connections` knows; a plain one is its own. Also for the socket of an
 * HTTP/2 session, which is a proxy that passes properties on.
 */
export const rawOf = (socket: Socket): Socket => (socket as { [RAW]?: Socket })[RAW] ?? socket;

/** What happens to errors of a connection: it closes, and that is all. */
export const ignore = (): void => undefined;
