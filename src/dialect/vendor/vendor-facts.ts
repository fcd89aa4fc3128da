import {
  parseAddressWithLength,
  type Diagnostic,
  type DiagnosticCode,
  type Fact,
  type Severity,
} from '../../ip/index.ts';
import type { InterfaceKind, Setting, System } from '../../model/index.ts';
import { addressOf, draftInterface, finishInterfaces, type InterfaceDraft } from '../interface-parts.ts';
import { factOf, type Line } from '../route-lines.ts';
import type { SystemFacts } from '../system-facts.ts';

/** A router's configuration while it is read: interfaces by name, settings, what is not followed. */
export class VendorFacts {
  readonly #diagnostics: Diagnostic[] = [];
  readonly #missing: Diagnostic[] = [];
  readonly settings = new Map<string, Setting>();
  filter: Fact | undefined;
  readonly #drafts = new Map<string, InterfaceDraft>();
  readonly #kindOf: (name: string) => InterfaceKind;

  constructor(kindOf: (name: string) => InterfaceKind) {
    this.#kindOf = kindOf;
  }

  interface(name: string, line: Line): InterfaceDraft {
    const known = this.#drafts.get(name);
    if (known) return known;
    const draft = draftInterface(name, this.#kindOf(name), factOf(line));
    this.#drafts.set(name, draft);
    return draft;
  }

  set(key: string, value: string, line: Line): void {
    this.settings.set(key, { value, fact: factOf(line) });
  }

  /** Gives an interface the address `10.5.5.1/24`; a wrong one is noted. */
  give(draft: InterfaceDraft, text: string, line: Line): void {
    const read = parseAddressWithLength(text);
    if (read.ok) draft.addresses.push(addressOf(read.value.address, read.value.length, factOf(line)));
    else this.note(line, read.code, read.message, 'error', read.hint);
  }

  /** A line that filters, translates or marks: it is not followed, and makes uncertain what meets it. */
  unfollowed(line: Line, what: string): void {
    if (!this.filter) this.note(line, 'line-not-modelled', `${what} of this system is not followed`, 'warning');
    this.filter ??= factOf(line);
  }

  /** Addresses and routes that come from elsewhere are not in a configuration. */
  dynamic(line: Line, from: string, commands: string): void {
    const message = `what ${from} gives is not in a configuration`;
    this.#missing.push(faultAt(line, 'line-limited', message, 'warning', `add what these print: ${commands}`));
  }

  note(line: Line, code: DiagnosticCode, message: string, severity: Severity = 'error', hint?: string): void {
    this.#diagnostics.push(faultAt(line, code, message, severity, hint));
  }

  /** What was wrong; what a configuration lacks is there in a listing of the whole table. */
  faults(table: SystemFacts['table']): readonly Diagnostic[] {
    return table === 'whole' ? this.#diagnostics : [...this.#diagnostics, ...this.#missing];
  }

  /** Everything but the routes. */
  facts(system: System): Pick<SystemFacts, 'system' | 'interfaces' | 'settings' | 'filter'> {
    const { settings, filter } = this;
    return { system, interfaces: finishInterfaces(this.#drafts.values()), settings, ...(filter && { filter }) };
  }
}

function faultAt(line: Line, code: DiagnosticCode, message: string, severity: Severity, hint?: string): Diagnostic {
  const { text } = line;
  const span = { source: line.source, line: line.number, column: 1, length: Math.max(1, text.length), text };
  return { code, severity, message, span, ...(hint !== undefined && { hint }) };
}
