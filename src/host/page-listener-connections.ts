import type { Socket } from 'node:net';
import type { PageLimits } from './page-listener-types.ts';

/** How often it is looked who is late, in milliseconds. */
const SWEEP_MS = 250;

/**
 * Every open connection, in two lists: those that wait for a request, longest first, and those that are being answered.
 * Ends the ones that are late, and the one that has waited longest when there are too many.
 */
export class Connections {
  readonly #limits: PageLimits;
  /** With the time since when. */
  readonly #waiting = new Map<Socket, number>();
  readonly #answering = new Map<Socket, number>();
  readonly #sweeper: NodeJS.Timeout;

  /** One for all sockets: a closure for each would cost more. */
  readonly #forget: (this: Socket) => void;

  constructor(limits: PageLimits) {
    this.#limits = limits;
    const lists = [this.#waiting, this.#answering];
    this.#forget = function () {
      for (const list of lists) list.delete(this);
    };
    this.#sweeper = setInterval(() => {
      this.#sweep(performance.now());
    }, SWEEP_MS);
    this.#sweeper.unref();
  }

  get count(): number {
    return this.#waiting.size + this.#answering.size;
  }

  /** Takes a new connection in, and keeps it until it closes. */
  admit(socket: Socket): void {
    if (this.count >= this.#limits.connections) this.#dropOldest();
    this.#waiting.set(socket, performance.now());
    socket.on('error', ignore); // a visitor who goes away is no error
    socket.on('close', this.#forget);
  }

  /** Notes that a request has come. False when there is one already, or the connection is gone. */
  begin(socket: Socket): boolean {
    const since = this.#waiting.get(socket);
    if (since === undefined) return false;
    this.#waiting.delete(socket);
    this.#answering.set(socket, since);
    return true;
  }

  /** Whether a request has come and is not over. */
  isAnswering(socket: Socket): boolean {
    return this.#answering.has(socket);
  }

  /** Notes that a kept connection may bring its next request. */
  again(socket: Socket): void {
    if (this.#answering.delete(socket)) this.#waiting.set(socket, performance.now());
  }

  closeAll(): void {
    clearInterval(this.#sweeper);
    for (const socket of [...this.#waiting.keys(), ...this.#answering.keys()]) socket.destroy();
  }

  #dropOldest(): void {
    const oldest = this.#waiting.keys().next().value ?? this.#answering.keys().next().value;
    if (oldest === undefined) return;
    this.#waiting.delete(oldest);
    this.#answering.delete(oldest);
    oldest.destroy();
  }

  #sweep(now: number): void {
    for (const [socket, since] of this.#waiting) {
      if (now - since < this.#limits.headersMs) break; // those behind came later
      socket.destroy();
    }
    for (const [socket, since] of this.#answering) if (now - since >= this.#limits.wholeMs) socket.destroy();
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
