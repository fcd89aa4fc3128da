/** Keys that are kept of one function; then all are forgotten. Strangers choose them, so they are bounded in both ways. */
const MOST_KEYS = 500;
const LONGEST_KEY = 300;

/** A pure function of a text that remembers its last results: visitors of one kind ask alike. */
export function remembered<T>(make: (key: string) => T): (key: string) => T {
  const known = new Remembered<T>();
  return (key) => known.get(key) ?? known.set(key, make(key));
}

/** The last results by a text that leads to them. */
export class Remembered<T> {
  readonly #known = new Map<string, T>();

  get(key: string): T | undefined {
    return this.#known.get(key);
  }

  /** The result itself. */
  set(key: string, result: T): T {
    if (key.length > LONGEST_KEY) return result;
    if (this.#known.size >= MOST_KEYS) this.#known.clear();
    this.#known.set(key, result);
    return result;
  }
}
