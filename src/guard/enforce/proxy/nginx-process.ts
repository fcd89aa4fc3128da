import type { Diagnostic } from '../../../ip/index.ts';
import type { Machine, RunResult } from '../../../host/index.ts';
import { refusedBy } from '../refused-by.ts';

/** How nginx is called here. */
export interface NginxPlace {
  readonly program: string;
  /** Its configuration file. */
  readonly config: string;
}

/** Until new workers serve and old ones have let go of the ports. */
const RELOAD_MS = 20_000;
const TIME_LIMIT_MS = 120_000;

/** The nginx of this machine: its configuration, and the workers that run by it. */
export class NginxProcess {
  readonly #machine: Machine;
  readonly #place: NginxPlace;
  #pidFile: string | null = null;

  constructor(machine: Machine, place: NginxPlace) {
    this.#machine = machine;
    this.#place = place;
  }

  /** The whole configuration, files that it includes too, as nginx reads it; or what is wrong with it. */
  async configuration(): Promise<{ readonly text: string; readonly diagnostics: readonly Diagnostic[] }> {
    const dumped = await this.#run('-T');
    return { text: dumped.stdout, diagnostics: nginxRefused(dumped) };
  }

  /** Whether nginx would take its configuration as the files are now. */
  async test(): Promise<readonly Diagnostic[]> {
    return nginxRefused(await this.#run('-t', '-q'));
  }

  /**
   * Makes nginx read its configuration anew, and waits until no worker takes connections by the old one. Nothing happens
   * when it does not run: it will read the files when it starts.
   */
  async reload(): Promise<readonly Diagnostic[]> {
    const pid = await this.#masterPid();
    if (pid === null) return [];
    const before = await this.#workers(pid);
    const told = await this.#run('-s', 'reload');
    if (told.code !== 0) return nginxRefused(told);
    const deadline = this.#machine.elapsedMs() + RELOAD_MS;
    for (;;) {
      const now = await this.#workers(pid);
      if (now.some((w) => !before.includes(w)) && !now.some((w) => before.includes(w))) return [];
      if (this.#machine.elapsedMs() > deadline) break;
      await this.#machine.sleep(10);
    }
    const message = 'nginx was told to reload, but its old workers go on';
    return [{ code: 'command-timeout', severity: 'error', message, hint: "its error log says why: 'emerg'" }];
  }

  async #masterPid(): Promise<string | null> {
    this.#pidFile ??= await this.#findPidFile();
    const read = await this.#machine.readFile(this.#pidFile);
    const pid = read.ok ? read.value.trim() : '';
    return /^\d+$/.test(pid) && (await this.#machine.exists(`/proc/${pid}`)) ? pid : null;
  }

  /** Workers that take connections: nginx writes into their names what they do. */
  async #workers(master: string): Promise<readonly string[]> {
    const children = await this.#machine.readFile(`/proc/${master}/task/${master}/children`);
    const pids = children.ok ? children.value.trim().split(' ') : [];
    const names = await Promise.all(pids.map((pid) => this.#machine.readFile(`/proc/${pid}/cmdline`)));
    return pids.filter((_pid, i) => {
      const name = names[i]!;
      return name.ok && name.value.includes('worker process') && !name.value.includes('shutting down');
    });
  }

  /** By the directive `pid`, else as it was built. */
  async #findPidFile(): Promise<string> {
    const { text } = await this.configuration();
    const said = /^(?:[^#\n]*[;{}])?\s*pid\s+"?([^\s";]+)/m.exec(text)?.[1];
    if (said?.startsWith('/')) return said;
    const { stderr } = await this.#machine.run([this.#place.program, '-V']);
    return /--pid-path=(\S+)/.exec(stderr)?.[1] ?? '/run/nginx.pid';
  }

  #run(...words: string[]): Promise<RunResult> {
    const argv = [this.#place.program, '-c', this.#place.config, ...words];
    return this.#machine.run(argv, { timeoutMs: TIME_LIMIT_MS });
  }
}

function nginxRefused(result: RunResult): readonly Diagnostic[] {
  if (result.code === 0) return [];
  if (result.code === 127) return refusedBy(result);
  const lines = result.stderr.split('\n').filter((line) => /\[(emerg|alert|error)\]/.test(line));
  const said = lines.map((line) => line.replace(/^.*?\[\w+\]\s*(\d+#\d+:\s*)?/, '')).slice(0, 2);
  const message = `nginx refuses its configuration: ${said.join('; ') || result.stderr.trim()}`;
  return [{ code: 'command-failed', severity: 'error', message, hint: "mend it, and try 'nginx -t'" }];
}
