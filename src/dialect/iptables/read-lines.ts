import type { DiagnosticCode, Fact, Family, Severity } from '../../ip/index.ts';
import { FaultList } from '../ipset/index.ts';
import { clip, type Place } from './context.ts';
import { chainOf, insertRule, type DraftRule, type DraftTable } from './draft.ts';
import type { Option } from './options.ts';
import { hookOf, isTable } from './tables.ts';
import { tokenize } from './tokens.ts';
import { wordsOf } from './words-of.ts';

/** One line of the text. */
interface Line {
  readonly number: number;
  readonly text: string;
}

/** Reads the lines of a text into tables of rules that are not yet understood. */
export class LineReader {
  readonly tables: DraftTable[] = [];
  readonly #family: Family;
  readonly #source: string;
  readonly #faults: FaultList;
  /** Between `*table` and COMMIT; `skipped` when there is no such table. */
  #section: DraftTable | 'skipped' | null = null;

  constructor(family: Family, source: string, faults: FaultList) {
    this.#family = family;
    this.#source = source;
    this.#faults = faults;
  }

  /** Reads one line. */
  read(line: Line): void {
    const { text } = line;
    const first = text[0];
    if (text.length > LONGEST) this.#fault('input-too-large', line, 'a line this long is not read');
    else if (first === '#') this.#readComment(line);
    else if (first === '*') this.#openTable(line);
    else if (first === ':') this.#declareChain(line);
    else if (first === '-' || first === '[') this.#readRuleLine(line);
    else if (text === 'COMMIT') this.#section = null;
    else if (text !== '') this.#readScriptLine(line);
  }

  #fault(code: DiagnosticCode, line: Line, message: string, place?: Place, severity: Severity = 'warning'): void {
    const { start, end } = place ?? { start: 0, end: line.text.length };
    const text = line.text.length > LONGEST ? clip(line.text) : line.text;
    const span = { source: this.#source, line: line.number, column: start + 1, length: Math.max(end - start, 1), text };
    this.#faults.add({ code, severity, message, span });
  }

  #factOf = (line: Line): Fact => ({ source: this.#source, line: line.number, text: line.text });

  /** iptables-nft says in a comment that it can't show a table that nft made. */
  #readComment(line: Line): void {
    if (line.text.includes("incompatible, use 'nft' tool")) {
      this.#fault('line-not-modelled', line, 'iptables-save leaves this table out: `nft list ruleset` shows it');
    }
  }

  #openTable(line: Line): void {
    const name = line.text.slice(1).trim();
    if (isTable(name)) {
      this.#section = { name, chains: new Map() };
      this.tables.push(this.#section);
      return;
    }
    this.#section = 'skipped';
    this.#fault('line-unknown', line, `iptables has no table '${clip(name)}'`);
  }

  #declareChain(line: Line): void {
    if (this.#section === 'skipped') return;
    const [, name, policy] = /^:\s*(\S+)\s+(\S+)/.exec(line.text) ?? [];
    if (this.#section === null || name === undefined) {
      this.#fault('line-unknown', line, 'a chain outside of a table');
      return;
    }
    const chain = chainOf(this.#section, name, this.#factOf(line));
    if (policy === 'DROP') chain.policy = 'drop';
    else if (policy !== 'ACCEPT' && policy !== '-')
      this.#fault('value-invalid', line, 'a policy is ACCEPT or DROP', undefined, 'error');
  }

  /** `-A INPUT …`, with or without counters in front. */
  #readRuleLine(line: Line): void {
    const section = this.#section;
    if (section === 'skipped') return;
    const { text } = line;
    const [start, chain] = APPENDED.exec(text) ?? [];
    if (section !== null && start !== undefined && !ELSEWHERE.test(text)) {
      chainOf(section, chain!).rules.push({ line: line.number, text, from: start.length, to: text.length });
      return;
    }
    this.#readCommand(line, COUNTERS.exec(text)?.[0].length ?? 0, text.length);
  }

  /** `iptables -t nat -A …`, as people write it into scripts. */
  #readScriptLine(line: Line): void {
    const tokens = tokenize(line.text);
    const tool = tokens[0]?.text === 'sudo' ? tokens[1] : tokens[0];
    const [, six] = /^(?:.*\/)?ip(6?)tables(?:-nft|-legacy)?$/.exec(tool?.text ?? '') ?? [];
    if (!tool || six === undefined) {
      this.#fault('line-unknown', line, 'this is no line of an iptables ruleset');
      return;
    }
    if ((six === '6' ? 6 : 4) !== this.#family) return;
    const comment = tokens.find((t) => !t.quoted && t.text.startsWith('#'));
    this.#readCommand(line, tool.end, comment?.start ?? line.text.length);
  }

  #readCommand(line: Line, from: number, to: number): void {
    const { base } = wordsOf({ line: line.number, text: line.text, from, to });
    if (base.some((o) => o.name === (this.#family === 4 ? '6' : '4'))) return;
    const command = base.find((o) => COMMANDS.has(o.name));
    const table = this.#tableFor(base, line);
    if (table === null) return;
    if (command) this.#carryOut(command, table, { line: line.number, text: line.text, from, to });
    else this.#fault('line-unknown', line, 'this line adds no rule');
  }

  #tableFor(base: readonly Option[], line: Line): DraftTable | null {
    const option = base.find((o) => o.name === 't');
    const name =
      option?.values[0]?.text ??
      (this.#section !== null && this.#section !== 'skipped' ? this.#section.name : 'filter');
    if (!isTable(name)) {
      this.#fault('value-invalid', line, `iptables has no table '${clip(name)}'`, option, 'error');
      return null;
    }
    const known = this.tables.findLast((t) => t.name === name);
    if (known) return known;
    const table: DraftTable = { name, chains: new Map() };
    this.tables.push(table);
    return table;
  }

  #carryOut(command: Option, table: DraftTable, rule: DraftRule): void {
    const line: Line = { number: rule.line, text: rule.text };
    const [name, second] = command.values.map((v) => v.text);
    if (name === undefined && command.name !== 'F' && command.name !== 'X') {
      this.#fault('value-invalid', line, 'the chain is missing', command, 'error');
      return;
    }
    switch (command.name) {
      case 'A':
        return void chainOf(table, name!).rules.push(rule);
      case 'I':
        if (insertRule(chainOf(table, name!), rule, Number(second ?? '1'))) return;
        {
          this.#fault('line-not-modelled', line, 'there is no such place in the chain', command);
          return;
        }
      case 'N':
        return void chainOf(table, name!, this.#factOf(line));
      case 'P':
        if (second !== 'DROP' && second !== 'ACCEPT') {
          this.#fault('value-invalid', line, 'a policy is ACCEPT or DROP', command, 'error');
          return;
        }
        chainOf(table, name!, this.#factOf(line)).policy = second === 'DROP' ? 'drop' : 'accept';
        return;
      case 'F':
      case 'X': {
        empty(table, name, command.name === 'X');
        return;
      }
      default: {
        this.#fault('line-not-modelled', line, `-${command.name} is not followed`, command);
        return;
      }
    }
  }
}

const COUNTERS = /^\[\d+:\d+\]\s+/;
/** How nearly all lines of iptables-save begin, up to the rule itself. */
const APPENDED = /^(?:\[\d+:\d+\]\s+)?-A\s+([^\s"']+)(?=\s|$)/;
/** The line may be for another table, or for one family only. */
const ELSEWHERE = / (?:-t|--table|-[46]|--ipv[46])(?: |$)/;

/** Longer lines are no rules. */
const LONGEST = 16_384;

const COMMANDS: ReadonlySet<string> = new Set(['A', 'I', 'N', 'P', 'F', 'X', 'D', 'R', 'C', 'E', 'L', 'S', 'Z']);

/** `-F` takes the rules out, `-X` chains of one's own; without a name all of the table's. */
function empty(table: DraftTable, name: string | undefined, remove: boolean): void {
  for (const chain of name === undefined ? [...table.chains.values()] : [table.chains.get(name)]) {
    if (!chain) continue;
    if (!remove) chain.rules.length = chain.front.length = 0;
    else if (hookOf(table.name, chain.name) === null) table.chains.delete(chain.name);
  }
}
