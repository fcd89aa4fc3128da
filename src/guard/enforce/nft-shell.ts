import type { Machine, Talk } from '../../host/index.ts';

/** libedit walks through its whole history at each line, and nft never empties it: 0.13 ms a change at first, 0.6 after 10,000. */
const MOST_CHANGES = 500;
const TIME_LIMIT_MS = 60_000;

/** An nft that keeps running and takes changes line by line (`nft -i`): a fraction of a millisecond each, instead of a process. */
export class NftShell {
  readonly #machine: Machine;
  #talk: Talk | null = null;
  #changes = 0;
  #inTurn: Promise<unknown> = Promise.resolve();

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** The process that takes the next change; 0 when there is none yet. */
  get pid(): number {
    return this.#talk?.pid ?? 0;
  }

  /**
   * Carries out commands, one a line, in one transaction. What nft said against them, '' when it took them; null when it ended
   * or kept silent, so that nobody knows.
   */
  tell(commands: string): Promise<string | null> {
    const mine = this.#inTurn.then(() => this.#tell(commands));
    this.#inTurn = mine;
    return mine;
  }

  /** Ends it; the next change starts another. */
  stop(): void {
    this.#talk?.stop();
    this.#talk = null;
  }

  async #tell(commands: string): Promise<string | null> {
    const talk = (this.#talk ??= this.#start());
    // nft says nothing when all is well, and no prompt to a pipe: its complaint about this word ends its answer
    const end = `waymark-${++this.#changes}`;
    const said = await talk.tell(`${commands.trimEnd().replaceAll('\n', '; ')}\n${end}`, end, TIME_LIMIT_MS);
    if (said === null && this.#talk === talk) this.#talk = null;
    if (this.#changes >= MOST_CHANGES && this.#talk === talk) {
      talk.stop();
      this.#talk = this.#start();
    }
    return said === null ? null : withoutFrame(said);
  }

  #start(): Talk {
    this.#changes = 0;
    // without a home it neither reads nor writes a history file
    return this.#machine.talk(['nft', '-i'], { env: { HOME: '/nonexistent' } });
  }
}

/** Without what belongs to the ends: the first line of the complaint about this one, the line of carets about the last. */
const withoutFrame = (said: string): string => said.replace(/[^\n]*\n$/, '').replace(/^[\s^~]*\n/, '');
