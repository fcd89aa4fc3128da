/** What is known of one connection (`<F-MLFID>`), whose lines tell only together whom a failure is of. */
export interface Connection {
  readonly groups: Map<string, string>;
  readonly users: Set<string>;
  /** Lines of failures that were not told yet. */
  lines: readonly string[];
  /** Lines that are no failure alone. */
  harmless: readonly string[];
  /** A failure waits for a line that says whom it is of. */
  isPending: boolean;
}

// fail2ban's server/filter.py: a hundred connections, five minutes
const MOST = 100;
const KEPT_MS = 300_000;

/** The connections of late. */
export class Connections {
  readonly #all = new Map<string, { readonly connection: Connection; readonly until: number }>();

  /** The one with an id, if it was seen of late. `now` in milliseconds. */
  get(id: string, now: number): Connection | null {
    const kept = this.#all.get(id);
    return kept !== undefined && kept.until > now ? kept.connection : null;
  }

  /** Keeps one; the oldest goes for it. */
  set(id: string, connection: Connection, now: number): void {
    if (this.#all.size >= MOST)
      for (const [oldest, { until }] of this.#all) {
        this.#all.delete(oldest);
        if (until > now) break;
      }
    this.#all.set(id, { connection, until: now + KEPT_MS });
  }

  /** The connection is over. */
  forget(id: string): void {
    this.#all.delete(id);
  }
}
