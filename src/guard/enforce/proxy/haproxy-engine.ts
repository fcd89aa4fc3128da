import { formatPrefix, type Diagnostic, type Prefix, type Result } from '../../../ip/index.ts';
import type { Machine } from '../../../host/index.ts';
import { counts, type Decision } from '../../decide/decision.ts';
import type { Engine } from '../engine.ts';
import { HaproxySocket } from './haproxy-socket.ts';
import { asListed, HAPROXY_FILES, haproxyConfigText, mapText } from './haproxy-text.ts';
import type { ProxyPlan } from './nginx-text.ts';
import { ProxyList } from './proxy-list.ts';
import { Ticker } from './ticker.ts';

/** How the engine works with HAProxy. */
export interface HaproxyOptions {
  /** Where the engine's own files are, which HAProxy reads. */
  readonly folder: string;
  /** HAProxy's stats socket, with level admin. */
  readonly socket: string;
  readonly plan: ProxyPlan;
  /** Is told of what goes wrong later. */
  readonly report?: (diagnostic: Diagnostic) => void;
}

/** How often it is looked whether HAProxy was started anew, in milliseconds. */
const LOOK_MS = 1000;

/** Of the time, writing the file takes this part at most: one that is long is written more rarely. */
const SHARE = 10;

/**
 * Carries decisions out in HAProxy: in a map of the process that runs, one command a change; and in the map's file, from
 * which the next process starts. It needs no reload.
 */
export class HaproxyEngine implements Engine {
  readonly #machine: Machine;
  #options: HaproxyOptions;
  readonly #haproxy: HaproxySocket;
  readonly #ticker: Ticker;
  #list: ProxyList | null = null;
  /** The process whose maps are right; none when HAProxy does not run. */
  #pid: string | null = null;
  #fileIsOld = false;
  /** Of `elapsedMs`: the file is not written before, HAProxy not looked at before. */
  #fileFrom = 0;
  #lookFrom = 0;
  #inTurn: Promise<unknown> = Promise.resolve();
  #told = '';

  constructor(machine: Machine, options: HaproxyOptions) {
    this.#machine = machine;
    this.#options = options;
    this.#haproxy = new HaproxySocket(machine, options.socket);
    this.#ticker = new Ticker(machine);
  }

  allow(allowed: readonly Prefix[]): Promise<readonly Diagnostic[]> {
    this.#options = { ...this.#options, plan: { ...this.#options.plan, allowed } };
    return this.#next(async () => {
      const written = await this.#machine.writeFile(this.#path(HAPROXY_FILES.allowed), mapText(asListed(allowed)));
      return written.ok ? this.#fill() : faultsOf(written);
    });
  }

  async prepare(): Promise<readonly Diagnostic[]> {
    const { folder, plan } = this.#options;
    const made = await this.#machine.mkdir(folder);
    if (!made.ok) return faultsOf(made);
    const texts: readonly (readonly [string, string])[] = [
      [HAPROXY_FILES.config, haproxyConfigText(folder, plan)],
      [HAPROXY_FILES.allowed, mapText(asListed(plan.allowed))],
      [HAPROXY_FILES.trusted, mapText(asListed(plan.trusted))],
    ];
    for (const [name, text] of texts) {
      const written = await this.#machine.writeFile(this.#path(name), text);
      if (!written.ok) return faultsOf(written);
    }
    this.#list = new ProxyList();
    const faults = [...(await this.#writeFile()), ...(await this.#next(() => this.#look()))];
    if (faults.some((f) => f.severity === 'error')) return faults;
    this.#ticker.start(() => this.#tick());
    return faults;
  }

  load(decisions: Iterable<Decision>, now: number): Promise<readonly Diagnostic[]> {
    for (const decision of decisions) if (counts(decision, now)) this.#list?.put(decision);
    return this.#next(async () => [...(await this.#writeFile()), ...(await this.#fill())]);
  }

  block(decision: Decision): Promise<readonly Diagnostic[]> {
    return this.#next(() => {
      const isThere = this.#list?.put(decision) ?? false;
      const one = { prefix: formatPrefix(decision.prefix), until: decision.until };
      return this.#change(() => this.#haproxy.put(this.#path(HAPROXY_FILES.blocked), one, isThere));
    });
  }

  lift(prefix: Prefix): Promise<readonly Diagnostic[]> {
    return this.#next(() => (this.#list?.take(prefix) ? this.#takeOut([formatPrefix(prefix)]) : Promise.resolve([])));
  }

  verify(): Promise<readonly Diagnostic[]> {
    return this.#next(async () => {
      if (this.#list && this.#fileIsOld) await this.#writeFile();
      const should = this.#list && this.#text();
      const there = await this.#machine.readFile(this.#path(HAPROXY_FILES.blocked));
      if (there.ok && there.value === should) return this.#look();
      const message = `${this.#path(HAPROXY_FILES.blocked)} is not as it was written`;
      return [{ code: 'rules-differ', severity: 'error', message, hint: 'start the guard anew' }];
    });
  }

  /** The files stay, without any prefix: the configuration names them. */
  async remove(): Promise<readonly Diagnostic[]> {
    this.#ticker.stop();
    this.#list = null;
    if (!(await this.#machine.exists(this.#path(HAPROXY_FILES.blocked)))) return [];
    return this.#next(async () => [...(await this.#writeFile()), ...(await this.#fill())]);
  }

  lead(): Promise<readonly Diagnostic[]> {
    return Promise.resolve([]);
  }

  #path(name: string): string {
    return `${this.#options.folder}/${name}`;
  }

  #text(): string {
    return mapText(this.#list?.all() ?? []);
  }

  async #takeOut(prefixes: readonly string[]): Promise<readonly Diagnostic[]> {
    return this.#change(() => this.#haproxy.take(this.#path(HAPROXY_FILES.blocked), prefixes));
  }

  /** One that does not run has nothing to be told: it reads the file when it starts. */
  async #change(tell: () => Promise<Result<null>>): Promise<readonly Diagnostic[]> {
    this.#fileIsOld = true;
    if (this.#pid === null) return this.#writeFile();
    const told = await tell();
    if (told.ok) return [];
    this.#pid = null;
    return [...(await this.#writeFile()), ...(await this.#look())];
  }

  async #tick(): Promise<number | null> {
    const ended = this.#list?.expire(this.#machine.now().getTime()) ?? [];
    if (ended.length > 0) this.#fileIsOld = true;
    this.#tell(
      await this.#next(async () => {
        const faults = ended.length > 0 ? [...(await this.#takeOut(ended))] : [];
        if (this.#fileIsOld && this.#machine.elapsedMs() >= this.#fileFrom) faults.push(...(await this.#writeFile()));
        if (this.#machine.elapsedMs() >= this.#lookFrom) faults.push(...(await this.#look()));
        return faults;
      }),
    );
    return this.#list?.nextEnd ?? null;
  }

  /** Another process than the last has started from the file, which may have been older than what was told. */
  async #look(): Promise<readonly Diagnostic[]> {
    this.#lookFrom = this.#machine.elapsedMs() + LOOK_MS;
    const pid = await this.#haproxy.pid();
    if (pid.ok && pid.value === this.#pid) return [];
    this.#pid = null;
    if (pid.ok) return this.#fill(pid.value);
    if (pid.code !== 'file-missing') return faultsOf(pid);
    const message = `HAProxy does not run: nobody listens on ${this.#options.socket}`;
    const hint = 'it needs: stats socket PATH level admin; blocks count as soon as it is there';
    return [{ code: 'command-failed', severity: 'warning', message, hint }];
  }

  /** Makes the maps of the process what they should be. */
  async #fill(pid?: string): Promise<readonly Diagnostic[]> {
    if (pid === undefined) {
      const now = await this.#haproxy.pid();
      if (!now.ok) return now.code === 'file-missing' ? [] : faultsOf(now);
      return this.#fill(now.value);
    }
    const all = this.#list?.all() ?? [];
    const { allowed, trusted, addressFrom } = this.#options.plan;
    for (const [name, listed] of [
      // its lines ask this one then only
      ...(addressFrom === 'x-forwarded-for' ? [[HAPROXY_FILES.trusted, asListed(trusted)] as const] : []),
      [HAPROXY_FILES.allowed, asListed(allowed)],
      [HAPROXY_FILES.blocked, all],
    ] as const) {
      const filled = await this.#haproxy.replace(this.#path(name), listed);
      if (!filled.ok) return faultsOf(filled);
    }
    this.#pid = pid;
    return [];
  }

  async #writeFile(): Promise<readonly Diagnostic[]> {
    const began = this.#machine.elapsedMs();
    this.#fileIsOld = false;
    const path = this.#path(HAPROXY_FILES.blocked);
    const written = await this.#machine.writeFile(`${path}.new`, this.#text());
    if (!written.ok) {
      this.#fileIsOld = true;
      return faultsOf(written);
    }
    await this.#machine.run(['mv', '-f', `${path}.new`, path]);
    const now = this.#machine.elapsedMs();
    this.#fileFrom = now + SHARE * (now - began);
    return [];
  }

  /** The same fault is told once, until all is well again. */
  #tell(faults: readonly Diagnostic[]): void {
    const words = faults.map((f) => f.message).join();
    if (words !== this.#told) for (const fault of faults) this.#options.report?.(fault);
    this.#told = words;
  }

  #next<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#inTurn.then(work);
    this.#inTurn = mine.catch(() => undefined);
    return mine;
  }
}

const faultsOf = (failed: Result<unknown> & { readonly ok: false }): readonly Diagnostic[] => [
  { severity: 'error', ...failed },
];
