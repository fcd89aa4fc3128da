import type { Diagnostic, Family, Prefix } from '../../ip/index.ts';
import type { Machine, RunResult } from '../../host/index.ts';
import type { Decision } from '../decide/decision.ts';
import type { Delivery, Engine, PageServer } from './engine.ts';
import { refusedBy } from './refused-by.ts';
import { allowText, blockText, createText, destroyCommands, liftText, loadText, LONGEST_S } from './ipset-text.ts';
import { ALL_CHAINS, enteredChains, leadText, rulesText, type OwnChain } from './iptables-text.ts';

const FAMILIES: readonly Family[] = [4, 6];
const TIME_LIMIT_MS = 120_000;

/** Where an earlier run, by whatever way, may have entered the own chains. */
const ENTERED = [...enteredChains({ kind: 'here' }), ...enteredChains({ kind: 'mark', mark: 0 })];

/** Carries decisions out with sets of ipset, asked by rules of iptables in chains of their own. */
export class IptablesEngine implements Engine {
  readonly longestMs = LONGEST_S * 1000;
  readonly #machine: Machine;
  #delivery: Delivery;

  /** The page servers that answer: rules that are put there anew lead to them too. */
  #alive: readonly PageServer[] = [];

  constructor(machine: Machine, delivery: Delivery) {
    this.#machine = machine;
    this.#delivery = delivery;
  }

  async prepare(): Promise<readonly Diagnostic[]> {
    const removed = await this.remove();
    if (removed.length > 0) return removed;
    const faults: Diagnostic[] = [];
    for (const family of FAMILIES) {
      faults.push(...(await this.#ipset(createText(family, this.#delivery.allowed))));
      const rules = rulesText(family, this.#delivery, this.#alive);
      faults.push(...refusedBy(await this.#run([`${program(family)}-restore`, '--noflush', '-w'], rules)));
      for (const c of enteredChains(this.#delivery.way))
        faults.push(...refusedBy(await this.#run(entry(family, '-I', c))));
    }
    return faults;
  }

  load(decisions: Iterable<Decision>, now: number): Promise<readonly Diagnostic[]> {
    return this.#ipset(loadText(decisions, now));
  }

  block(decision: Decision, now: number): Promise<readonly Diagnostic[]> {
    return this.#ipset(blockText(decision, now));
  }

  lift(prefix: Prefix): Promise<readonly Diagnostic[]> {
    return this.#ipset(liftText(prefix));
  }

  async verify(): Promise<readonly Diagnostic[]> {
    for (const family of FAMILIES) {
      for (const c of enteredChains(this.#delivery.way)) {
        const there = await this.#run(entry(family, '-C', c));
        if (there.code === 0) continue;
        const message = `${program(family)} does not lead from ${c.from} to ${c.name}`;
        const hint = 'somebody flushed the rules: start the guard anew';
        return [{ code: 'rules-differ', severity: 'error', message, hint }];
      }
    }
    return [];
  }

  async remove(): Promise<readonly Diagnostic[]> {
    for (const family of FAMILIES) {
      for (const c of ENTERED) {
        // one that is entered twice, by whatever accident, goes twice
        while ((await this.#run(entry(family, '-C', c))).code === 0) {
          const gone = await this.#run(entry(family, '-D', c));
          if (gone.code !== 0) return refusedBy(gone);
        }
      }
      // some lead to others: all are emptied before any goes
      for (const verb of ['-F', '-X'])
        for (const [table, names] of Object.entries(ALL_CHAINS))
          for (const name of names) await this.#run([program(family), '-w', '-t', table, verb, name]);
      for (const argv of destroyCommands(family)) await this.#run(argv);
    }
    return this.#leftOver();
  }

  async lead(alive: readonly PageServer[]): Promise<readonly Diagnostic[]> {
    this.#alive = alive;
    const faults: Diagnostic[] = [];
    for (const family of FAMILIES) {
      const text = leadText(family, this.#delivery, alive);
      faults.push(...refusedBy(await this.#run([`${program(family)}-restore`, '--noflush', '-w'], text)));
    }
    return faults;
  }

  async allow(allowed: readonly Prefix[]): Promise<readonly Diagnostic[]> {
    this.#delivery = { ...this.#delivery, allowed };
    const faults: Diagnostic[] = [];
    for (const family of FAMILIES) faults.push(...(await this.#ipset(allowText(family, allowed))));
    return faults;
  }

  async #leftOver(): Promise<readonly Diagnostic[]> {
    const listed = await this.#run(['ipset', 'list', '-n']);
    const left = listed.stdout.split('\n').filter((name) => name.startsWith('waymark-'));
    if (listed.code !== 0) return refusedBy(listed);
    if (left.length === 0) return [];
    return [{ code: 'command-failed', severity: 'error', message: `these sets are still in use: ${left.join(', ')}` }];
  }

  async #ipset(text: string): Promise<readonly Diagnostic[]> {
    return text === '' ? [] : refusedBy(await this.#run(['ipset', 'restore'], text));
  }

  #run(argv: readonly string[], stdin = ''): Promise<RunResult> {
    return this.#machine.run(argv, { stdin, timeoutMs: TIME_LIMIT_MS });
  }
}

const program = (family: Family): string => (family === 4 ? 'iptables' : 'ip6tables');

const entry = (family: Family, verb: '-I' | '-C' | '-D', { table, from, name }: OwnChain): readonly string[] => [
  ...[program(family), '-w', '-t', table],
  ...[verb, from, '-j', name],
];
