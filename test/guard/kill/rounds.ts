import { build } from 'esbuild';
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatJournalLine } from '../../../src/guard/store/journal-line.ts';
import { hostPrefix, ipv4 } from '../../../src/ip/index.ts';

/** What became of many rounds of one guard. */
export interface Rounds {
  readonly rounds: number;
  /** Changes that were acknowledged. */
  readonly changes: number;
  /** What should not be; none when all is well. */
  readonly faults: readonly string[];
}

type End = readonly [prefix: string, until: number | null];
interface Said {
  readonly store?: readonly End[];
  readonly kernel?: readonly (readonly [string, number])[];
  readonly ask?: string;
  readonly lift?: string;
  readonly block?: readonly End[];
  readonly done?: string;
  readonly ends?: readonly End[];
  readonly diagnostics?: readonly { readonly message: string }[];
}

/** A listing of nft has whole seconds. */
const TOLERANCE_MS = 3000;
const START_LIMIT_MS = 60_000;

/**
 * Starts a guard in a namespace and a folder of its own, kills it at a random moment while decisions change, and starts it again,
 * so many times. After each start what is acknowledged is there, what was lifted is not, each once, and the kernel has what
 * the store has. After every fifth round half a line stands at the journal's end, as after a power cut; after others so many
 * lines that say nothing that the journal is soon written anew.
 */
export async function killRounds(seed: number, rounds: number): Promise<Rounds> {
  const folder = mkdtempSync(join(tmpdir(), 'waymark-kill-'));
  const namespace = `wm-${randomBytes(4).toString('hex')}-kill`;
  spawnSync('ip', ['netns', 'add', namespace]);
  const program = join(folder, 'keeper.mjs');
  const keeper = join(import.meta.dirname, 'keeper.ts');
  await build({
    entryPoints: [keeper],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
  const known = new Known();
  const store = join(folder, 'store');
  try {
    for (let round = 0; round < rounds && known.faults.length === 0; round++) {
      const argv = ['netns', 'exec', namespace, process.execPath, program, store, String(seed + round)];
      await oneRound(argv, (seed * 7919 + round * 104_729) % 400, known, `seed ${seed}, round ${round}`);
      const journal = join(store, 'decisions.journal');
      if (!existsSync(journal)) continue;
      if (round % 5 === 4) appendFileSync(journal, '5e1f0c2a +\t10.0.0.1/3');
      else if (round % 3 === 0) writeFileSync(journal, withSpareLines(readFileSync(journal, 'utf8')));
    }
    return { rounds, changes: known.changes, faults: known.faults };
  } finally {
    spawnSync('ip', ['netns', 'del', namespace]);
    rmSync(folder, { recursive: true });
  }
}

/** So many that the journal is written anew within the first changes of the next round. */
function withSpareLines(journal: string): string {
  const whole = journal.slice(0, journal.lastIndexOf('\n') + 1);
  const spare = formatJournalLine({ kind: 'lift', prefix: hostPrefix(ipv4(0xc0000201)), at: 1, by: 'spare' });
  return whole + `${spare}\n`.repeat(Math.max(0, 9995 - whole.split('\n').length));
}

/** Kills so many milliseconds after the guard is ready. */
function oneRound(argv: readonly string[], afterMs: number, known: Known, name: string): Promise<void> {
  return new Promise((done) => {
    const child = spawn('ip', argv, { stdio: ['ignore', 'pipe', 'pipe'] });
    const kill = (): void => void child.kill('SIGKILL');
    let isReady = false;
    let rest = '';
    let complaint = '';
    const limit = setTimeout(kill, START_LIMIT_MS);
    child.stderr.on('data', (d: Buffer) => (complaint += d.toString()));
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop()!;
      for (const line of lines) {
        const said = JSON.parse(line) as Said;
        known.hear(said, name);
        if (!said.store) continue;
        isReady = true;
        setTimeout(kill, afterMs);
      }
    });
    child.once('close', () => {
      clearTimeout(limit);
      if (!isReady) known.faults.push(`${name}: not ready: ${complaint.slice(0, 500)}`);
      done();
    });
  });
}

/** What must be in the store: the end of each prefix, null where none is blocked; what was asked and not answered may be so or so. */
class Known {
  changes = 0;
  readonly faults: string[] = [];
  readonly #ends = new Map<string, number | null>();
  readonly #open = new Map<string, readonly End[]>();

  hear(said: Said, name: string): void {
    for (const { message } of said.diagnostics ?? []) this.faults.push(`${name}: ${message}`);
    if (said.store) this.#compare(said.store, said.kernel ?? [], name);
    if (said.ask !== undefined) this.#open.set(said.ask, said.block ?? [[said.lift!, null]]);
    if (said.done === undefined) return;
    this.#open.delete(said.done);
    this.changes++;
    for (const [prefix, until] of said.ends ?? []) this.#ends.set(prefix, until);
  }

  #compare(store: readonly End[], kernel: readonly (readonly [string, number])[], name: string): void {
    const there = new Map(store);
    if (there.size !== store.length) this.faults.push(`${name}: a prefix is in the store twice`);
    if (new Map(kernel).size !== kernel.length) this.faults.push(`${name}: a prefix is in the kernel twice`);
    for (const prefix of new Set([...there.keys(), ...this.#ends.keys(), ...this.#asked()])) {
      const is = there.get(prefix) ?? null;
      if (!this.#allowed(prefix).includes(is))
        this.faults.push(`${name}: ${prefix} ends ${is}, not ${this.#allowed(prefix).join(' or ')}`);
      this.#ends.set(prefix, is);
    }
    const inKernel = new Map(kernel);
    for (const prefix of new Set([...inKernel.keys(), ...there.keys()])) {
      const difference = Math.abs((inKernel.get(prefix) ?? 0) - (there.get(prefix) ?? 0));
      if (difference > TOLERANCE_MS)
        this.faults.push(`${name}: ${prefix} ends ${difference} ms apart in store and kernel`);
    }
    this.#open.clear();
  }

  #asked(): readonly string[] {
    return [...this.#open.values()].flatMap((ends) => ends.map(([prefix]) => prefix));
  }

  #allowed(prefix: string): readonly (number | null)[] {
    const before = this.#ends.get(prefix) ?? null;
    const asked = [...this.#open.values()].flat().filter(([p]) => p === prefix);
    // the later end wins
    return [before, ...asked.map(([, until]) => (until === null ? null : Math.max(until, before ?? 0)))];
  }
}
