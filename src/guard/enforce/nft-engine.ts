import type { Diagnostic, Prefix } from '../../ip/index.ts';
import type { Machine } from '../../host/index.ts';
import { counts, REST, type Decision } from '../decide/decision.ts';
import type { Delivery, Engine, PageServer } from './engine.ts';
import { setName, setsOf, type BlockSet } from './nft-sets.ts';
import { addText, deleteText, elementText, leadText, newSetText, REMOVAL, TABLE, tableText } from './nft-text.ts';
import { refusedBy } from './refused-by.ts';

const TIME_LIMIT_MS = 120_000;

/** Carries decisions out in a table of nftables' own: addresses in hash sets, one set a prefix length. */
export class NftEngine implements Engine {
  readonly #machine: Machine;
  readonly #delivery: Delivery;
  /** Names of the sets that are there; null when nobody looked yet. */
  #sets: Set<string> | null = null;

  constructor(machine: Machine, delivery: Delivery) {
    this.#machine = machine;
    this.#delivery = delivery;
  }

  async prepare(): Promise<readonly Diagnostic[]> {
    this.#sets = new Set();
    return this.#run(tableText(this.#delivery));
  }

  async load(decisions: Iterable<Decision>, now: number): Promise<readonly Diagnostic[]> {
    const groups = new Map<string, { set: BlockSet; elements: string[] }>();
    for (const decision of decisions) {
      if (!counts(decision, now)) continue;
      for (const set of setsOf(decision.prefix, decision.rest)) {
        const group = groups.get(setName(set)) ?? { set, elements: [] };
        groups.set(setName(set), group);
        group.elements.push(elementText(decision, now));
      }
    }
    const all = [...groups.values()];
    if (all.length === 0) return [];
    const made = await this.#missing(all.map((g) => g.set));
    return this.#change(made + all.map((g) => addText(g.set, g.elements)).join(''), all);
  }

  async block(decision: Decision, now: number): Promise<readonly Diagnostic[]> {
    const { prefix, rest } = decision;
    const sets = setsOf(prefix, rest);
    const made = await this.#missing(sets);
    const element = elementText(decision, now);
    // a kernel of 6.1 keeps the old end where an element is added again, so it goes first; another way with the rest ends
    const anew = sets.map((set) => deleteText(set, prefix) + addText(set, [element]));
    return this.#change(
      made + this.#leave(prefix, sets) + anew.join(''),
      sets.map((set) => ({ set })),
    );
  }

  async lift(prefix: Prefix): Promise<readonly Diagnostic[]> {
    await this.#known();
    const text = this.#leave(prefix, []);
    return text === '' ? [] : this.#run(text);
  }

  async verify(): Promise<readonly Diagnostic[]> {
    const listed = await this.#machine.run(['nft', '-t', 'list', 'table', ...TABLE.split(' ')]);
    const names = setNames(listed.stdout);
    const chains = [...listed.stdout.matchAll(/^\tchain (\S+)/gm)].map((m) => m[1]!);
    const isWhole = ['prerouting', 'input', 'forward'].every((name) => chains.includes(name));
    const missing = [...(this.#sets ?? [])].filter((name) => !names.has(name));
    if (listed.code === 0 && isWhole && missing.length === 0) return [];
    const what = listed.code === 0 ? 'is not as it was made' : 'is not there';
    const hint = 'somebody flushed the ruleset: start the guard anew';
    return [{ code: 'rules-differ', severity: 'error', message: `the table ${TABLE} ${what}`, hint }];
  }

  async remove(): Promise<readonly Diagnostic[]> {
    this.#sets = new Set();
    return this.#run(REMOVAL);
  }

  lead(alive: readonly PageServer[]): Promise<readonly Diagnostic[]> {
    return this.#run(leadText(this.#delivery, alive));
  }

  /** The prefix out of all sets that are there but these. */
  #leave(prefix: Prefix, but: readonly BlockSet[]): string {
    const kept = new Set(but.map(setName));
    const all = REST.flatMap((rest) => setsOf(prefix, rest));
    const unique = [...new Map(all.map((set) => [setName(set), set])).values()];
    const left = unique.filter((set) => this.#sets?.has(setName(set)) && !kept.has(setName(set)));
    return left.map((set) => deleteText(set, prefix)).join('');
  }

  async #missing(sets: readonly BlockSet[]): Promise<string> {
    const known = await this.#known();
    return sets.map((set) => (known.has(setName(set)) ? '' : newSetText(set))).join('');
  }

  async #known(): Promise<Set<string>> {
    if (this.#sets) return this.#sets;
    const listed = await this.#machine.run(['nft', '-t', 'list', 'table', ...TABLE.split(' ')]);
    return (this.#sets = setNames(listed.stdout));
  }

  async #change(text: string, made: readonly { readonly set: BlockSet }[]): Promise<readonly Diagnostic[]> {
    const faults = await this.#run(text);
    if (faults.length === 0) for (const { set } of made) this.#sets?.add(setName(set));
    return faults;
  }

  async #run(text: string): Promise<readonly Diagnostic[]> {
    return refusedBy(await this.#machine.run(['nft', '-f', '-'], { stdin: text, timeoutMs: TIME_LIMIT_MS }));
  }
}

const setNames = (listing: string): Set<string> =>
  new Set([...listing.matchAll(/^\tset (\S+)/gm)].map((m) => m[1]!).filter((name) => name.includes('_')));
