import type { Machine } from '../host/index.ts';
import { failure, success, type Result } from '../ip/index.ts';
import type { Route } from '../model/index.ts';
import type { FileEdit } from './file-edit.ts';
import { readRouteText, routeText } from './route-key.ts';

/** One change of the routing table, written down before it is made. */
export interface RouteChange {
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly by: string;
  /** What was asked: `add 10.67.0.0/16 via 192.168.120.254`. */
  readonly asked: string;
  /** The start of the machine that it was made in (`RouteSystem.boot`). */
  readonly boot: string;
  /** Seconds in which it must be confirmed; null when it need not be. */
  readonly confirm: number | null;
  /** All routes of its place in the table, before and after. */
  readonly before: readonly Route[];
  readonly after: readonly Route[];
  /** Files that keep it over a reboot: empty where it was not to last. */
  readonly files: readonly FileEdit[];
  /** What became of it; null: it was made and nobody said more. */
  readonly end: 'confirmed' | 'back' | null;
}

/** A change that has no number yet. */
export type NewChange = Omit<RouteChange, 'id' | 'end'>;

/** Changes that are kept; older ones are forgotten, unless they still wait to be confirmed. */
const KEPT = 200;

/**
 * The journal of changes: a folder with a file for each, and one for its end. No file is ever written twice, and each
 * comes with its whole text at once: who ends a change first has ended it, whoever is killed in between.
 */
export class Journal {
  readonly #machine: Machine;
  /** Where it lies. */
  readonly folder: string;

  constructor(machine: Machine, folder: string) {
    this.#machine = machine;
    this.folder = folder;
  }

  /** All changes, the oldest first. Files that are none are passed over. */
  async all(): Promise<readonly RouteChange[]> {
    const names = await this.#machine.list(this.folder);
    const ids = (names.ok ? names.value : []).flatMap((n) => (/^\d+\.json$/.test(n) ? [parseInt(n, 10)] : []));
    const found: RouteChange[] = [];
    for (const id of ids.sort((a, b) => a - b)) {
      const text = await this.#machine.readFile(this.#path(id, 'json'));
      const change = text.ok ? readChange(text.value) : null;
      if (change) found.push({ ...change, id, end: await this.end(id) });
    }
    return found;
  }

  /**
   * Writes a change down; it is on the disk when this is done. Forgets those from long ago. Codes: those of
   * `Machine.createFile`.
   */
  async begin(change: NewChange): Promise<Result<RouteChange>> {
    const all = await this.all();
    const last = all.at(-1)?.id ?? 0;
    const text = changeText(change);
    for (let id = last + 1; id < last + 100; id++) {
      const made = await this.#machine.createFile(this.#path(id, 'json'), text);
      if (made.ok) {
        await this.#forget(all.slice(0, Math.max(0, all.length + 1 - KEPT)));
        return success({ ...change, id, end: null });
      }
      if (made.code !== 'output-exists') return made;
    }
    return failure('output-exists', `${this.folder} has no free number`);
  }

  /** What became of a change. */
  async end(id: number): Promise<RouteChange['end']> {
    const text = await this.#machine.readFile(this.#path(id, 'end'));
    return text.ok ? (text.value.trim() === 'confirmed' ? 'confirmed' : 'back') : null;
  }

  /** Says what became of a change. Code `output-exists` when that was said before, whatever it was. */
  finish(id: number, end: 'confirmed' | 'back'): Promise<Result<null>> {
    return this.#machine.createFile(this.#path(id, 'end'), `${end}\n`);
  }

  /** The watchdog says that it watches. */
  armed(id: number): Promise<Result<null>> {
    return this.#machine.createFile(this.#path(id, 'armed'), '');
  }

  /** Whether it does. */
  isArmed(id: number): Promise<boolean> {
    return this.#machine.exists(this.#path(id, 'armed'));
  }

  /** Takes changes out. A file that cannot be removed harms nobody; the end goes last, so that none looks open again. */
  async #forget(old: readonly RouteChange[]): Promise<void> {
    for (const { id, confirm, end } of old) {
      if (confirm !== null && end === null) continue;
      for (const kind of ['json', 'armed', 'end'] as const) await this.#machine.remove(this.#path(id, kind));
    }
  }

  #path(id: number, kind: 'json' | 'end' | 'armed'): string {
    return `${this.folder}/${id}.${kind}`;
  }
}

const changeText = ({ before, after, ...rest }: NewChange): string =>
  `${JSON.stringify({ ...rest, before: before.map(routeText), after: after.map(routeText) })}\n`;

type Written = Omit<NewChange, 'before' | 'after' | 'files'> & {
  readonly files?: readonly FileEdit[];
  readonly before: readonly string[];
  readonly after: readonly string[];
};

function readChange(text: string): NewChange | null {
  try {
    const { before, after, ...rest } = JSON.parse(text) as Written;
    // journals from before there were files have none
    return { ...rest, files: rest.files ?? [], before: before.map(readRouteText), after: after.map(readRouteText) };
  } catch {
    return null;
  }
}
