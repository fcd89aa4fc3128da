import { AllowList, type AllowEntry, type Guard, type GuardSettings } from '../../../guard/index.ts';
import { formatPrefix, hasErrors, type Address, type Diagnostic, type Parsed, type Prefix } from '../../../ip/index.ts';
import { note, type Cli } from '../context.ts';
import { stopsAt } from '../report.ts';
import { allowedHere } from './allow-of-machine.ts';

/** Names lead to other addresses now and then: they are looked up again after so long, in milliseconds. */
const AGAIN_MS = 3_600_000;

/** Who must never be blocked, while a guard runs: names are followed where they lead. */
export class AllowWatch {
  readonly #cli: Cli;
  readonly #settings: GuardSettings;
  /** Where each name led when it last led anywhere. */
  readonly #known: Map<string, readonly Address[]>;
  #entries: readonly AllowEntry[];
  #list: AllowList;
  #lookedAt: number;

  private constructor(
    cli: Cli,
    settings: GuardSettings,
    entries: readonly AllowEntry[],
    known: Map<string, readonly Address[]>,
  ) {
    this.#cli = cli;
    this.#settings = settings;
    this.#known = known;
    this.#entries = entries;
    this.#list = new AllowList(entries);
    this.#lookedAt = cli.machine.elapsedMs();
  }

  /** Looks for the first time. Codes: those of `allowedHere`. */
  static async open(cli: Cli, settings: GuardSettings): Promise<Parsed<AllowWatch>> {
    const known = new Map<string, readonly Address[]>();
    const { value, diagnostics } = await allowedHere(cli.machine, settings, known);
    return { value: new AllowWatch(cli, settings, value, known), diagnostics };
  }

  get list(): AllowList {
    return this.#list;
  }

  get prefixes(): readonly Prefix[] {
    return this.#entries.map((e) => e.prefix);
  }

  /** Looks again when it is time, and has the guard let those pass who are allowed by now. What can't be read stays as it was. */
  async tend(guard: Pick<Guard, 'allow'>): Promise<void> {
    const { machine } = this.#cli;
    if (machine.elapsedMs() - this.#lookedAt < AGAIN_MS) return;
    this.#lookedAt = machine.elapsedMs();
    const { value, diagnostics } = await allowedHere(machine, this.#settings, this.#known);
    // whatever went wrong, the guard goes on with what it had
    stopsAt(
      this.#cli,
      diagnostics.map((d): Diagnostic => ({ ...d, severity: 'warning' })),
    );
    if (hasErrors(diagnostics)) return;
    const [before, after] = [this.#entries, value].map((all) => new Set(all.map((e) => formatPrefix(e.prefix))));
    const come = [...after!].filter((p) => !before!.has(p));
    const gone = [...before!].filter((p) => !after!.has(p));
    if (come.length === 0 && gone.length === 0) return;
    const faults = await guard.allow(value.map((e) => e.prefix));
    if (
      stopsAt(
        this.#cli,
        faults.map((d): Diagnostic => ({ ...d, severity: 'warning' })),
      ) ||
      hasErrors(faults)
    )
      return;
    this.#entries = value;
    this.#list = new AllowList(value);
    const said = [
      ...come.map((p) => `${p} is never blocked from now on`),
      ...gone.map((p) => `${p} is no longer on the allow list`),
    ];
    note(this.#cli, said.join('\n'));
  }
}
