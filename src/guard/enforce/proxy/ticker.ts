import type { Machine } from '../../../host/index.ts';

/** Longest pause, in milliseconds: so long may it take until a ticker that was stopped is gone. */
const LONGEST_MS = 250;

/** Does work again and again, until it is stopped. */
export class Ticker {
  readonly #machine: Machine;
  #round = 0;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** `work` must not reject; it gives the moment at which it is needed next at the latest, if it knows one. */
  start(work: () => Promise<number | null>): void {
    const mine = ++this.#round;
    void (async () => {
      while (this.#round === mine) {
        const next = await work();
        const left = next === null ? LONGEST_MS : next - this.#machine.now().getTime();
        await this.#machine.sleep(Math.max(1, Math.min(LONGEST_MS, left)));
      }
    })();
  }

  stop(): void {
    this.#round++;
  }
}
