import type { DurableLog, LogPlace, Machine } from '../../../../host/index.ts';
import { success, type Diagnostic, type Result } from '../../../../ip/index.ts';

/** How far each log was read, on the disk: the next guard goes on there. */
export class LogPlaces {
  readonly #all: Map<string, LogPlace>;
  readonly #journal: DurableLog;
  #isNew = false;

  private constructor(all: Map<string, LogPlace>, journal: DurableLog) {
    this.#all = all;
    this.#journal = journal;
  }

  /** Opens what an earlier guard kept in its folder. Codes: those of `Machine.openLog`. */
  static async open(machine: Machine, folder: string): Promise<Result<LogPlaces>> {
    const all = new Map<string, LogPlace>();
    const journal = await machine.openLog(`${folder}/logs`, (line) => readPlace(line, all));
    return journal.ok ? success(new LogPlaces(all, journal.value)) : journal;
  }

  /** Where a log goes on; null when nobody read it yet. */
  of(name: string): LogPlace | null {
    return this.#all.get(name) ?? null;
  }

  set(name: string, place: LogPlace): void {
    this.#all.set(name, place);
    this.#isNew = true;
  }

  /** Keeps what is new. Codes: those of `DurableLog.replace`, as warnings. */
  async keep(): Promise<readonly Diagnostic[]> {
    if (!this.#isNew) return [];
    this.#isNew = false;
    const lines = [...this.#all].map(([name, place]) => JSON.stringify([name, place.file, place.offset]));
    const kept = await this.#journal.replace(() => lines);
    return kept.ok ? [] : [{ severity: 'warning', ...kept }];
  }

  close(): Promise<void> {
    return this.#journal.close();
  }
}

function readPlace(line: string, places: Map<string, LogPlace>): void {
  try {
    const read: unknown = JSON.parse(line);
    if (!Array.isArray(read)) return;
    const [name, file, offset] = read as readonly unknown[];
    if (typeof name === 'string' && typeof file === 'string' && typeof offset === 'number')
      places.set(name, { file, offset });
  } catch {
    // a log whose place is not known is read from its end
  }
}
