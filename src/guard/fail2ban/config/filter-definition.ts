import type { Diagnostic, Result, Span } from '../../../ip/index.ts';
import { Config, type ConfigFiles } from './config.ts';
import { optionOf, type Given } from './interpolate.ts';
import type { NameWithOptions } from './name-with-options.ts';
import { substituteTags } from './substitute-tags.ts';

/** A filter as its files say it, all that is named in them put in place. */
export interface FilterDefinition {
  readonly name: string;
  /** Patterns of Python's `re`, with fail2ban's tags. */
  readonly failregex: readonly string[];
  readonly ignoreregex: readonly string[];
  readonly prefregex: string | null;
  /** Lines that are looked at together. */
  readonly maxlines: number;
  /** One pattern a line; null: the usual ones. */
  readonly datepattern: string | null;
  /** Matches for journalctl, as words; more than one are alternatives. */
  readonly journalmatch: readonly string[];
  /** Whether `<HOST>` may be a name. */
  readonly usedns: string | null;
  /** Where an option stands, for messages. */
  readonly places: ReadonlyMap<string, Span>;
  /** All options, with those that are no part of a filter itself. */
  readonly options: ReadonlyMap<string, string>;
}

const OPTIONS = ['usedns', 'prefregex', 'ignoreregex', 'failregex', 'maxlines', 'datepattern', 'journalmatch'];

/** What was read; null when there is nothing that could be run. */
export interface ReadFilter {
  readonly value: FilterDefinition | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** What counts beside a filter's own files. */
export interface FilterSurroundings {
  /** Where the lines come from: `file` or `journal`; null when the filter's files decide. */
  readonly logtype: string | null;
  /** Options of the jail, which count more than those of the filter. */
  readonly given: Given;
}

/** Without a jail, for lines of a file. */
export const ALONE: FilterSurroundings = { logtype: 'file', given: new Map() };

/** Reads `filter.d/NAME`. Codes: those of `Config.read`, `name-unknown`, `value-invalid`. */
export function readFilter(
  files: ConfigFiles,
  { name, options }: NameWithOptions,
  { logtype, given: jail }: FilterSurroundings = ALONE,
): ReadFilter {
  const config = Config.read(files, `filter.d/${name}`);
  if (!config) return { value: null, diagnostics: [noFilter(files, name)] };
  const own = new Map(options);
  const saysType = (own.get('logtype') ?? '') !== '' || config.sections.get('Definition')?.has('logtype');
  if (logtype !== null && !saysType) own.set('logtype', logtype);
  const reading = new FilterReading(config, new Map([...jail, ...own]), name);
  const all = reading.combined(own);
  const value = all && definitionOf(name, all, reading);
  return { value, diagnostics: [...config.diagnostics, ...reading.diagnostics] };
}

function noFilter(files: ConfigFiles, name: string): Diagnostic {
  const message = `there is no filter "${name}" in ${files.folder}/filter.d`;
  return { code: 'name-unknown', severity: 'error', message };
}

class FilterReading {
  readonly diagnostics: Diagnostic[] = [];
  readonly #config: Config;
  readonly #given: Given;
  readonly #name: string;

  constructor(config: Config, given: Given, name: string) {
    this.#config = config;
    this.#given = given;
    this.#name = name;
  }

  /** The options of `[Definition]` and `[Init]`, those of the jail first, with their tags replaced. */
  combined(own: ReadonlyMap<string, string>): ReadonlyMap<string, string> | null {
    const all = new Map<string, string>();
    for (const name of OPTIONS) {
      const value = this.#given.has(name) ? null : this.#get('Definition', name);
      if (value !== null) all.set(name, value);
    }
    for (const [name, value] of [...this.#init(own), ...own]) all.set(name, value);
    const tags = substituteTags(all, (tag) => this.#tag(tag));
    if (tags.ok) return tags.value;
    this.#fault('failregex', tags);
    return null;
  }

  /** What `[Init]` says, under its own name and as `known/NAME`. */
  #init(own: ReadonlyMap<string, string>): readonly (readonly [string, string])[] {
    return [...(this.#config.sections.get('Init')?.keys() ?? [])].flatMap((name) => {
      const value = this.#get('Init', name);
      if (value === null) return [];
      const known = [`known/${name}`, value] as const;
      return own.has(name) ? [known] : [known, [name, value] as const];
    });
  }

  #tag(tag: string): string | null {
    const [, section, option] = /^([\w-]+)\/(.+)$/.exec(tag) ?? [];
    if (section !== undefined) {
      const lower = section.toLowerCase();
      const places =
        lower === 'known' ? ['KNOWN/Definition', 'Definition'] : [lower === 'default' ? 'DEFAULT' : section];
      for (const place of places) {
        const value =
          this.#config.sections.has(place) || place === 'DEFAULT' ? this.#get(place, option!.toLowerCase()) : null;
        if (value !== null) return value;
      }
    }
    return this.#get('Definition', tag.toLowerCase());
  }

  #get(section: string, name: string): string | null {
    const read = optionOf(this.#config, section, name, section === 'Definition' ? this.#given : new Map());
    if (read.ok) return read.value;
    this.#fault(name, read, section);
    return null;
  }

  #fault(name: string, fault: Result<unknown>, section = 'Definition'): void {
    if (fault.ok) return;
    const span = this.placeOf(name, section);
    const message = `filter ${this.#name}, ${name}: ${fault.message}`;
    this.diagnostics.push({ code: fault.code, severity: 'error', message, ...(span && { span }) });
  }

  placeOf(name: string, section = 'Definition'): Span | undefined {
    const option = this.#config.raw(section, name);
    return option && { source: option.file, line: option.line, column: 1, length: name.length };
  }
}

function definitionOf(name: string, all: ReadonlyMap<string, string>, reading: FilterReading): FilterDefinition {
  const linesOf = (option: string): readonly string[] => (all.get(option) ?? '').split('\n').filter((l) => l !== '');
  const places = OPTIONS.flatMap((option) => {
    const place = reading.placeOf(option);
    return place ? [[option, place] as const] : [];
  });
  return {
    name,
    failregex: linesOf('failregex'),
    ignoreregex: linesOf('ignoreregex'),
    prefregex: all.get('prefregex') || null,
    maxlines: Math.max(1, Number(all.get('maxlines') ?? 1) || 1),
    datepattern: all.get('datepattern') || null,
    journalmatch: linesOf('journalmatch'),
    usedns: all.get('usedns') ?? null,
    places: new Map(places),
    options: all,
  };
}
