import type { Diagnostic, Prefix } from '../../../ip/index.ts';
import type { Machine } from '../../../host/index.ts';
import { counts, type Decision } from '../../decide/decision.ts';
import type { Engine } from '../engine.ts';
import { NGINX_FILES, nginxHttpText, nginxListText, nginxServerText, type ProxyPlan } from './nginx-text.ts';
import { NginxProcess, type NginxPlace } from './nginx-process.ts';
import { ProxyList } from './proxy-list.ts';
import { Ticker } from './ticker.ts';

/** How the engine works with nginx. */
export interface NginxOptions extends NginxPlace {
  /** Where the engine's own files are, which nginx includes. */
  readonly folder: string;
  readonly plan: ProxyPlan;
  /** Least time between two reloads, in milliseconds; 1000 when not said. A change that comes sooner waits so long. */
  readonly gapMs?: number;
  /** Is told of what goes wrong later. */
  readonly report?: (diagnostic: Diagnostic) => void;
}

/** After a failure it is tried again, in milliseconds. */
const AGAIN_MS = 5000;

/** Of the time, reloads take this part at most: a long list makes them rarer. */
const SHARE = 4;

/** Carries decisions out in nginx: a file of prefixes that it includes, tested, swapped, and read anew. */
export class NginxEngine implements Engine {
  readonly #machine: Machine;
  #options: NginxOptions;
  readonly #nginx: NginxProcess;
  readonly #ticker: Ticker;
  #list: ProxyList | null = null;
  #isChanged = false;
  /** Of `elapsedMs`: no reload before. */
  #earliest = 0;
  #inTurn: Promise<unknown> = Promise.resolve();
  #told = '';

  constructor(machine: Machine, options: NginxOptions) {
    this.#machine = machine;
    this.#options = options;
    this.#nginx = new NginxProcess(machine, options);
    this.#ticker = new Ticker(machine);
  }

  async prepare(): Promise<readonly Diagnostic[]> {
    const { folder, plan } = this.#options;
    const made = await this.#machine.mkdir(folder);
    if (!made.ok) return [{ severity: 'error', ...made }];
    const texts: readonly (readonly [string, string])[] = [
      [NGINX_FILES.blocked, nginxListText([])],
      [NGINX_FILES.http, nginxHttpText(folder, plan)],
      [NGINX_FILES.server, nginxServerText(folder)],
    ];
    for (const [name, text] of texts) {
      const written = await this.#machine.writeFile(this.#path(name), text);
      if (!written.ok) return [{ severity: 'error', ...written }];
    }
    const { text, diagnostics } = await this.#nginx.configuration();
    if (diagnostics.length > 0) return diagnostics;
    const missing = notIncluded(text, folder);
    if (missing.length > 0) return missing;
    this.#list = new ProxyList();
    this.#isChanged = true;
    this.#earliest = 0;
    this.#ticker.start(() => this.#tick());
    return [];
  }

  load(decisions: Iterable<Decision>, now: number): Promise<readonly Diagnostic[]> {
    for (const decision of decisions) if (counts(decision, now)) this.#list?.put(decision);
    return this.#changed();
  }

  /** In force when it is done; when the last reload was a moment ago, within the gap. */
  block(decision: Decision): Promise<readonly Diagnostic[]> {
    this.#list?.put(decision);
    return this.#changed();
  }

  lift(prefix: Prefix): Promise<readonly Diagnostic[]> {
    return this.#list?.take(prefix) ? this.#changed() : Promise.resolve([]);
  }

  verify(): Promise<readonly Diagnostic[]> {
    return this.#next(async () => {
      const faults = this.#list && this.#isChanged ? await this.#apply() : [];
      if (faults.length > 0) return faults;
      const should = this.#list && this.#text();
      const there = await this.#machine.readFile(this.#path(NGINX_FILES.blocked));
      if (there.ok && there.value === should) return [];
      const message = `${this.#path(NGINX_FILES.blocked)} is not as it was written`;
      return [{ code: 'rules-differ', severity: 'error', message, hint: 'start the guard anew' }];
    });
  }

  /** The files stay, without any prefix: the configuration includes them. */
  async remove(): Promise<readonly Diagnostic[]> {
    this.#ticker.stop();
    this.#list = null;
    if (!(await this.#machine.exists(this.#path(NGINX_FILES.blocked)))) return [];
    return this.#next(async () => {
      const written = await this.#machine.writeFile(this.#path(NGINX_FILES.blocked), nginxListText([]));
      return written.ok ? this.#nginx.reload() : [{ severity: 'error', ...written }];
    });
  }

  async allow(allowed: readonly Prefix[]): Promise<readonly Diagnostic[]> {
    const { folder, plan } = this.#options;
    this.#options = { ...this.#options, plan: { ...plan, allowed } };
    const text = nginxHttpText(folder, this.#options.plan);
    const written = await this.#machine.writeFile(this.#path(NGINX_FILES.http), text);
    return written.ok ? this.#changed() : [{ severity: 'error', ...written }];
  }

  lead(): Promise<readonly Diagnostic[]> {
    return Promise.resolve([]);
  }

  #path(name: string): string {
    return `${this.#options.folder}/${name}`;
  }

  #text(): string {
    return nginxListText(this.#list?.all() ?? []);
  }

  #changed(): Promise<readonly Diagnostic[]> {
    this.#isChanged = true;
    return this.#next(() => (this.#isDue() ? this.#apply() : Promise.resolve([])));
  }

  #isDue(): boolean {
    return this.#list !== null && this.#isChanged && this.#machine.elapsedMs() >= this.#earliest;
  }

  async #tick(): Promise<number | null> {
    if ((this.#list?.expire(this.#machine.now().getTime()) ?? []).length > 0) this.#isChanged = true;
    if (this.#isDue()) this.#tell(await this.#next(() => this.#apply()));
    return this.#list?.nextEnd ?? null;
  }

  /** The same fault is told once, until all is well again. */
  #tell(faults: readonly Diagnostic[]): void {
    const words = faults.map((f) => f.message).join();
    if (words !== this.#told) for (const fault of faults) this.#options.report?.(fault);
    this.#told = words;
  }

  /** Writes the list, and makes nginx read it if it takes it; else the former one is put back. */
  async #apply(): Promise<readonly Diagnostic[]> {
    if (!this.#list) return [];
    this.#isChanged = false;
    const began = this.#machine.elapsedMs();
    const faults = await this.#swap();
    const took = this.#machine.elapsedMs() - began;
    const pause = Math.max(this.#options.gapMs ?? 1000, (this.#options.gapMs === 0 ? 0 : SHARE) * took);
    this.#earliest = began + took + (faults.length > 0 ? Math.max(AGAIN_MS, pause) : pause);
    if (faults.length > 0) this.#isChanged = true;
    return faults;
  }

  async #swap(): Promise<readonly Diagnostic[]> {
    const path = this.#path(NGINX_FILES.blocked);
    const written = await this.#machine.writeFile(`${path}.new`, this.#text());
    if (!written.ok) return [{ severity: 'error', ...written }];
    await this.#machine.run(['ln', '-f', path, `${path}.before`]);
    await this.#machine.run(['mv', '-f', `${path}.new`, path]);
    const refused = await this.#nginx.test();
    if (refused.length === 0) return this.#nginx.reload();
    await this.#machine.run(['mv', '-f', `${path}.before`, path]);
    return refused;
  }

  #next<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#inTurn.then(work);
    this.#inTurn = mine.catch(() => undefined);
    return mine;
  }
}

/** What the configuration has to include, and does not. */
function notIncluded(configuration: string, folder: string): readonly Diagnostic[] {
  const isThere = (name: string): boolean => configuration.includes(`# configuration file ${folder}/${name}:`);
  const places = [
    [NGINX_FILES.http, 'http { }'],
    [NGINX_FILES.server, 'each server { } of the site'],
  ] as const;
  return places
    .filter(([name]) => !isThere(name))
    .map(([name, where]) => ({
      code: 'rules-differ',
      severity: 'error',
      message: `nginx does not include ${folder}/${name}`,
      hint: `write into ${where}: include ${folder}/${name};`,
    }));
}
