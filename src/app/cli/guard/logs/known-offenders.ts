import { offenceLine, Offences, type Offence } from '../../../../guard/index.ts';
import type { DurableLog, Machine } from '../../../../host/index.ts';
import { success, type Diagnostic, type Result } from '../../../../ip/index.ts';

/** More lines than offenders are remembered: time to write them anew. */
const MOST_LINES = 200_000;

/** Who was blocked for what logs told, on the disk: who comes back is blocked for longer, by the next guard too. */
export class KnownOffenders {
  readonly offences: Offences;
  readonly #machine: Machine;
  readonly #journal: DurableLog;
  #new: string[] = [];
  #written = 0;

  private constructor(machine: Machine, offences: Offences, journal: DurableLog) {
    this.#machine = machine;
    this.offences = offences;
    this.#journal = journal;
  }

  /** Opens what an earlier guard kept in its folder; what is too old goes. Codes: those of `Machine.openLog` and `DurableLog.replace`. */
  static async open(machine: Machine, folder: string): Promise<Result<KnownOffenders>> {
    const offences = new Offences();
    const journal = await machine.openLog(`${folder}/offenders`, (line) => offences.recall(line));
    if (!journal.ok) return journal;
    const known = new KnownOffenders(machine, offences, journal.value);
    const kept = await known.#writeAnew();
    return kept.ok ? success(known) : kept;
  }

  /** Takes note of an offence; it is kept with the next `keep`. */
  note(offence: Offence): void {
    this.#new.push(offenceLine(offence));
  }

  /** Keeps what is new. Codes: those of `DurableLog.append`, as warnings. */
  async keep(): Promise<readonly Diagnostic[]> {
    if (this.#new.length === 0) return [];
    const lines = this.#new;
    this.#new = [];
    this.#written += lines.length;
    const kept =
      this.#written > MOST_LINES
        ? await this.#writeAnew()
        : await this.#journal.append(lines.map((line) => `${line}\n`).join(''));
    if (kept.ok) return [];
    // the next ones bring all that are remembered
    this.#written = MOST_LINES;
    return [{ severity: 'warning', ...kept }];
  }

  #writeAnew(): Promise<Result<null>> {
    this.#written = 0;
    return this.#journal.replace(() => this.offences.lines(this.#machine.now().getTime()));
  }

  close(): Promise<void> {
    return this.#journal.close();
  }
}
