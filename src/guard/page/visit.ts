/** What the page tells one visitor. */
export interface Visit {
  /** The visitor's address, as text. */
  readonly address: string;
  /** Plain words. */
  readonly reason: string;
  readonly reference: string;
  /** Milliseconds since 1970; null when no end is set. */
  readonly until: number | null;
}

/** Whom to call, from the settings. Everything may be missing. */
export interface Contact {
  readonly site?: string;
  readonly phone?: string;
  readonly email?: string;
}
