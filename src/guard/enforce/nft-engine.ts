import type { Diagnostic, Prefix } from '../../ip/index.ts';
import type { Machine } from '../../host/index.ts';
import { REST, type Decision } from '../decide/decision.ts';
import type { Delivery, Engine, PageServer } from './engine.ts';
import { setName, setsOf, type BlockSet } from './nft-sets.ts';
import { NftShell } from './nft-shell.ts';
import { slicesOf, type Slice } from './nft-slices.ts';
import { addText, allowText, deleteText, leadText, newSetText, REMOVAL, TABLE, tableText } from './nft-text.ts';
import { refusedBy } from './refused-by.ts';

const TIME_LIMIT_MS = 120_000;
/** Slices that are under way together: nft reads one while the kernel takes the other. */
const TOGETHER = 2;
/** libedit asks the kernel for each character: longer texts are quicker with a process of their own. */
const MOST_TOLD = 8192;

/**
 * Carries decisions out in a table of nftables' own: addresses in hash sets, one set a prefix length. Many go to the kernel
 * in slices, single ones through an nft that keeps running.
 */
export class NftEngine implements Engine {
  readonly #machine: Machine;
  #delivery: Delivery;
  readonly #shell: NftShell;
  /** Names of the sets that are there; null when nobody looked yet. */
  #sets: Set<string> | null = null;

  /** The page servers that answer: rules that are put there anew lead to them too. */
  #alive: readonly PageServer[] = [];

  constructor(machine: Machine, delivery: Delivery) {
    this.#machine = machine;
    this.#delivery = delivery;
    this.#shell = new NftShell(machine);
  }

  async prepare(): Promise<readonly Diagnostic[]> {
    this.#sets = new Set();
    return this.#run(tableText(this.#delivery, this.#alive));
  }

  async load(decisions: Iterable<Decision>, now: number): Promise<readonly Diagnostic[]> {
    const faults: Diagnostic[] = [];
    const underWay = new Set<Promise<void>>();
    for (const slice of slicesOf(decisions, now)) {
      faults.push(...(await this.#make(slice.sets)));
      if (faults.length > 0) break;
      const mine: Promise<void> = this.#run(slice.text).then((said) => {
        faults.push(...said.map((fault) => ofSlice(fault, slice)));
        underWay.delete(mine);
      });
      underWay.add(mine);
      if (underWay.size >= TOGETHER) await Promise.race(underWay);
    }
    await Promise.all(underWay);
    return faults;
  }

  async block(decision: Decision, now: number): Promise<readonly Diagnostic[]> {
    const { prefix, rest } = decision;
    const sets = setsOf(prefix, rest);
    const made = await this.#make(sets);
    if (made.length > 0) return made;
    // a kernel of 6.1 keeps the old end where an element is added again, so it goes first; another way with the rest ends
    const anew = sets.map((set) => deleteText(set, prefix) + addText(set, decision, now));
    return this.#tell(this.#leave(prefix, sets) + anew.join(''));
  }

  async lift(prefix: Prefix): Promise<readonly Diagnostic[]> {
    await this.#known();
    const text = this.#leave(prefix, []);
    return text === '' ? [] : this.#tell(text);
  }

  async verify(): Promise<readonly Diagnostic[]> {
    const table = await this.#listed();
    const names = setNames(table);
    const chains = [...table.matchAll(/^\tchain (\S+)/gm)].map((m) => m[1]!);
    const isWhole = ['prerouting', 'input', 'forward'].every((name) => chains.includes(name));
    const missing = [...(this.#sets ?? [])].filter((name) => !names.has(name));
    if (isWhole && missing.length === 0) return [];
    const what = table === '' ? 'is not there' : 'is not as it was made';
    const hint = 'somebody flushed the ruleset: start the guard anew';
    return [{ code: 'rules-differ', severity: 'error', message: `the table ${TABLE} ${what}`, hint }];
  }

  async remove(): Promise<readonly Diagnostic[]> {
    this.#sets = new Set();
    this.#shell.stop();
    return this.#run(REMOVAL);
  }

  lead(alive: readonly PageServer[]): Promise<readonly Diagnostic[]> {
    this.#alive = alive;
    return this.#run(leadText(this.#delivery, alive));
  }

  allow(allowed: readonly Prefix[]): Promise<readonly Diagnostic[]> {
    this.#delivery = { ...this.#delivery, allowed };
    return this.#run(allowText(allowed));
  }

  /** The prefix out of all sets that are there but these. */
  #leave(prefix: Prefix, but: readonly BlockSet[]): string {
    const kept = new Set(but.map(setName));
    const all = REST.flatMap((rest) => setsOf(prefix, rest));
    const unique = [...new Map(all.map((set) => [setName(set), set])).values()];
    const left = unique.filter((set) => this.#sets?.has(setName(set)) && !kept.has(setName(set)));
    return left.map((set) => deleteText(set, prefix)).join('');
  }

  /** Makes those of the sets that are not there yet, with their rules. */
  async #make(sets: readonly BlockSet[]): Promise<readonly Diagnostic[]> {
    const known = await this.#known();
    const missing = sets.filter((set) => !known.has(setName(set)));
    if (missing.length === 0) return [];
    const faults = await this.#run(missing.map(newSetText).join(''));
    if (faults.length === 0) for (const set of missing) known.add(setName(set));
    return faults;
  }

  async #known(): Promise<Set<string>> {
    return (this.#sets ??= setNames(await this.#listed()));
  }

  /** Our table without the elements of its sets; '' when it is not there. */
  async #listed(): Promise<string> {
    // `list table` would have nft read every element all the same: a minute where there are a million
    const { stdout } = await this.#machine.run(['nft', '-t', 'list', 'ruleset']);
    const begin = `\n${stdout}`.indexOf(`\ntable ${TABLE} {`);
    return begin < 0 ? '' : stdout.slice(begin, stdout.indexOf('\n}', begin) + 1);
  }

  /** Elements in and out. Doing that twice is as good as once, so it is done anew when nft ended halfway. */
  async #tell(text: string): Promise<readonly Diagnostic[]> {
    if (text.length > MOST_TOLD) return this.#run(text);
    const said = await this.#shell.tell(text);
    return said === null ? this.#run(text) : refusedBy({ code: said === '' ? 0 : 1, stderr: said });
  }

  async #run(text: string | Uint8Array): Promise<readonly Diagnostic[]> {
    return refusedBy(await this.#machine.run(['nft', '-f', '-'], { stdin: text, timeoutMs: TIME_LIMIT_MS }));
  }
}

const ofSlice = (fault: Diagnostic, { size }: Slice): Diagnostic => ({
  ...fault,
  message: `${fault.message}; none of ${size} entries that were to be added together was`,
});

const setNames = (listing: string): Set<string> =>
  new Set([...listing.matchAll(/^\tset (\S+)/gm)].map((m) => m[1]!).filter((name) => name.includes('_')));
