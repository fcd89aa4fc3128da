import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** Waymark from its sources. */
export const FROM_SOURCE: readonly string[] = [process.execPath, '--import', 'tsx', join(root, 'src/app/cli/bin.ts')];

/** Waymark as it is installed, below a folder: it starts in a tenth of the time. */
export function builtInto(folder: string): readonly string[] {
  mkdirSync(join(folder, 'bin'));
  copyFileSync(join(root, 'bin/waymark'), join(folder, 'bin/waymark'));
  const built = spawnSync(join(root, 'node_modules/.bin/tsx'), [join(root, 'scripts/build.ts'), folder], {
    encoding: 'utf8',
  });
  if (built.status !== 0) throw new Error(built.stderr);
  return [process.execPath, join(folder, 'bin/waymark')];
}

/** Where a guard runs, how the program is started, and its settings file. */
export interface GuardPlace {
  readonly namespace: string;
  readonly program: readonly string[];
  readonly settings: string;
}

/** `waymark guard run` in a namespace, and other commands beside it. */
export class GuardProcess {
  /** What it said since it was started. */
  said = '';
  readonly #place: GuardPlace;
  #child: ChildProcess | undefined;

  constructor(place: GuardPlace) {
    this.#place = place;
  }

  /** Starts it and waits until it runs, or has ended; what it said. */
  async start(): Promise<string> {
    const child = spawn('ip', this.#inPlace(['guard', 'run']));
    this.#child = child;
    this.said = '';
    child.stderr.on('data', (d: Buffer) => (this.said += d.toString()));
    for (let i = 0; i < 400 && !this.said.includes('the guard runs') && child.exitCode === null; i++)
      await new Promise((done) => setTimeout(done, 50));
    return this.said;
  }

  /** Says something to its standard input. */
  tell(text: string): void {
    this.#child?.stdin?.write(text);
  }

  /** Ends it where it runs; its exit code. */
  async end(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<number | null> {
    const child = this.#child;
    this.#child = undefined;
    if (!child) return null;
    // `ip netns exec` becomes the guard itself
    child.kill(signal);
    if (child.exitCode === null && child.signalCode === null) await new Promise((done) => child.once('close', done));
    return child.exitCode;
  }

  /** Runs another command of Waymark there. */
  waymark(...words: string[]): { out: string; err: string; code: number | null } {
    const { stdout, stderr, status } = spawnSync('ip', this.#inPlace(words), { encoding: 'utf8' });
    return { out: stdout, err: stderr, code: status };
  }

  #inPlace(words: readonly string[]): readonly string[] {
    const { namespace, program, settings } = this.#place;
    return ['netns', 'exec', namespace, ...program, ...words, '--settings', settings];
  }
}
