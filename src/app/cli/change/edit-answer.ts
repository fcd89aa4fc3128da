import type { RouteChange } from '../../../change/index.ts';
import type { RouteEditJson } from '../../../render/index.ts';
import { say, type Cli } from '../context.ts';

/** What is known of a change before it is made. */
export type EditParts = Omit<RouteEditJson, 'outcome' | 'change' | 'confirm'>;

/** The answer of a command that changes routes: what is done as text, or all of it as JSON when the end is known. */
export class EditAnswer {
  readonly #cli: Cli;
  readonly #isJson: boolean;
  readonly #parts: EditParts;

  constructor(cli: Cli, isJson: boolean, parts: EditParts) {
    this.#cli = cli;
    this.#isJson = isJson;
    this.#parts = parts;
  }

  /** Prints what will be done, before it is. */
  print(text: string): void {
    if (!this.#isJson) say(this.#cli, text);
  }

  /** Says how it ended. */
  end(outcome: RouteEditJson['outcome'], change: RouteChange | null): void {
    const { id = null, confirm = null } = change ?? {};
    const isOpen = outcome === 'done';
    const json: RouteEditJson = { ...this.#parts, outcome, change: id, confirm: isOpen ? confirm : null };
    if (this.#isJson) say(this.#cli, JSON.stringify(json, null, 2));
  }
}
