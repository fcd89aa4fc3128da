import { randomBytes } from 'node:crypto';
import {
  Brake,
  Detective,
  knownFormats,
  LogReader,
  REFERENCE_BYTES,
  referenceOf,
  type AllowList,
  type Decision,
  type Guard,
  type GuardSettings,
  type Verdict,
} from '../../../../guard/index.ts';
import type { Followed, Machine } from '../../../../host/index.ts';
import type { Diagnostic, Parsed } from '../../../../ip/index.ts';
import { prefixName } from '../../../../render/index.ts';
import type { Cli } from '../../context.ts';
import { stopsAt } from '../../report.ts';
import { logLine } from '../log-to.ts';
import { KnownOffenders } from './known-offenders.ts';
import { LogPlaces } from './log-places.ts';
import { followLog, nameOfLog } from './log-source.ts';
import { refusedOf } from '../refusals.ts';

/** What the logs are read with. */
export interface LogWatchParts {
  readonly cli: Cli;
  readonly guard: Guard;
  readonly settings: GuardSettings;
  /** Who is never blocked, at each moment. */
  readonly allow: { readonly list: AllowList };
}

/** Reads the logs of the settings, and has the guard block for what they tell. */
export class LogWatch {
  readonly #parts: LogWatchParts;
  readonly #places: LogPlaces;
  readonly #known: KnownOffenders;
  readonly #detective: Detective;
  readonly #brake: Brake;
  #followed: readonly Followed[] = [];
  #held = 0;

  private constructor(parts: LogWatchParts, places: LogPlaces, known: KnownOffenders) {
    this.#parts = parts;
    this.#places = places;
    this.#known = known;
    this.#detective = new Detective(parts.settings.detectors, known.offences);
    this.#brake = new Brake(parts.settings.mostAMinute);
  }

  /** Opens what says how far each log was read and who was blocked before, and goes on there. Codes: those of `Machine.openLog`. */
  static async start(parts: LogWatchParts): Promise<Parsed<LogWatch | null>> {
    const { machine } = parts.cli;
    const places = await LogPlaces.open(machine, parts.settings.folder);
    if (!places.ok) return { value: null, diagnostics: [{ severity: 'error', ...places }] };
    const known = await KnownOffenders.open(machine, parts.settings.folder);
    if (!known.ok) {
      await places.value.close();
      return { value: null, diagnostics: [{ severity: 'error', ...known }] };
    }
    const watch = new LogWatch(parts, places.value, known.value);
    watch.#follow(machine);
    return { value: watch, diagnostics: [] };
  }

  #follow(machine: Machine): void {
    const formats = knownFormats(() => machine.now().getTime());
    this.#followed = this.#parts.settings.logs.map(({ origin, format }) => {
      const name = nameOfLog(origin);
      const reader = new LogReader(this.#detective, format, formats);
      const now = (): number => machine.now().getTime();
      return followLog(machine, origin, this.#places.of(name), {
        take: async (text, place) => {
          await this.#act(reader.push(text, now()));
          // a line without an end is read anew after a restart
          if (place) this.#places.set(name, { ...place, offset: Math.max(0, place.offset - reader.pending) });
        },
        cut: () => this.#act(reader.end(now())),
        fault: (words) => this.#say(3, `log name=${JSON.stringify(name)} message=${JSON.stringify(words)}`),
      });
    });
  }

  async #act(verdicts: readonly Verdict[]): Promise<void> {
    if (verdicts.length === 0) return;
    const { cli, guard, settings, allow } = this.#parts;
    const now = cli.machine.now().getTime();
    for (const { detector, offence } of verdicts) {
      this.#known.note(offence);
      if (offence.count === 0) this.#say(6, `warned prefix=${prefixName(offence.prefix)} by=${detector.name}`);
    }
    const running = verdicts.filter((v) => v.offence.until > now);
    const rules = { settings, allow: allow.list, isForced: false, isWideMeant: true };
    const refused = await refusedOf(
      cli.machine,
      rules,
      running.map((v) => v.offence.prefix),
    );
    for (const { prefix, whys } of refused)
      this.#say(6, `left prefix=${prefixName(prefix)} why=${JSON.stringify(whys[0])}`);
    const left = new Set(refused.map((r) => r.prefix));
    const wanted = running.filter((v) => !left.has(v.offence.prefix) && this.#mayBlock());
    if (wanted.length === 0) return;
    const { diagnostics } = await guard.blockAll(wanted.map((v) => decisionOf(v, now)));
    this.#report(diagnostics);
  }

  #mayBlock(): boolean {
    if (this.#brake.lets(this.#parts.cli.machine.elapsedMs())) return true;
    this.#held++;
    return false;
  }

  #report(diagnostics: readonly Diagnostic[]): void {
    stopsAt(
      this.#parts.cli,
      diagnostics.map((d) => ({ ...d, severity: 'warning' })),
    );
  }

  #say(priority: 3 | 6, text: string): void {
    logLine(this.#parts.cli, { priority, text });
  }

  /** What has to be done each second or so: how far the logs were read is kept, and what the brake held is said. */
  async tend(): Promise<void> {
    if (this.#held > 0) {
      const most = this.#parts.settings.mostAMinute;
      this.#say(
        3,
        `brake held=${this.#held} message="more than ${most} in a minute: these are not blocked, look whether a detector is wrong"`,
      );
      this.#held = 0;
    }
    this.#report(await this.#places.keep());
    this.#report(await this.#known.keep());
  }

  /** Reads no further; the next guard goes on where this one was. */
  async close(): Promise<void> {
    for (const followed of this.#followed) await followed.close();
    await this.tend();
    await this.#places.close();
    await this.#known.close();
  }
}

/** A clock that is ahead in the log must not make a block longer. */
const decisionOf = ({ detector, offence, time, evidence }: Verdict, now: number): Decision => ({
  prefix: offence.prefix,
  reason: detector.reason,
  reference: referenceOf(randomBytes(REFERENCE_BYTES)),
  since: now,
  until: Math.min(offence.until, now + offence.until - time),
  by: detector.name,
  evidence,
  rest: 'through',
});
