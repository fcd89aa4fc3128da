import type { Fact } from '../ip/index.ts';

/** A place where more than one thing may happen: multipath, a random spread, a match that is not modelled. */
export interface ChoicePoint {
  readonly what: string;
  readonly fact: Fact;
  /** False when the choice stands for something we don't know, rather than something the kernel does at random. */
  readonly random: boolean;
  /** Choices of the same key fall alike: a hash over addresses sends all packets of a flow the same way. */
  readonly key?: string;
}

/** Decides where more than one thing may happen. */
export interface Chooser {
  /** The option to take here, 0 to `options` - 1. */
  choose(options: number, point: ChoicePoint): number;
}

/** Takes the first where the kernel picks at random: a lookup that routes no packet picks no way (fib_select_path). */
export const firstWay = (choices: Chooser): Chooser => ({
  choose: (options, point) => (point.random ? 0 : choices.choose(options, point)),
});

/**
 * Replays a list of decisions and takes the first option wherever the list ends, so that a caller can walk every
 * branch: run with the empty list, ask `others()` for the lists that turn off later, run each of those, and so on.
 */
export class Choices implements Chooser {
  readonly #taken: { option: number; options: number; point: ChoicePoint }[] = [];
  readonly #script: readonly number[];
  readonly #byKey = new Map<string, number>();

  constructor(script: readonly number[] = []) {
    this.#script = script;
  }

  choose(options: number, point: ChoicePoint): number {
    if (options <= 1) return 0;
    const earlier = point.key === undefined ? undefined : this.#byKey.get(point.key);
    if (earlier !== undefined) return Math.min(earlier, options - 1);
    const option = this.#script[this.#taken.length] ?? 0;
    this.#taken.push({ option, options, point });
    if (point.key !== undefined) this.#byKey.set(point.key, option);
    return option;
  }

  /** The points met in this run. */
  get met(): readonly ChoicePoint[] {
    return this.#taken.map((t) => t.point);
  }

  /** The lists of all branches that turn off from this run after its own list ended, the earliest first. */
  others(): readonly (readonly number[])[] {
    const taken = this.#taken.map((t) => t.option);
    return this.#taken.flatMap(({ options }, at) =>
      at < this.#script.length
        ? []
        : Array.from({ length: options - 1 }, (_, option) => [...taken.slice(0, at), option + 1]),
    );
  }
}
