const MINUTE = 60_000;

/** Lets so many through in a minute: a detector that is wrong must not block everybody. */
export class Brake {
  readonly #most: number;
  #times: number[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  /** Whether one more may go; `now` in milliseconds that never go back. */
  lets(now: number): boolean {
    this.#times = this.#times.filter((t) => now - t < MINUTE);
    if (this.#times.length >= this.#most) return false;
    this.#times.push(now);
    return true;
  }
}
