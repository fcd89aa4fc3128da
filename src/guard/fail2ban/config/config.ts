import { posix } from 'node:path';
import type { Diagnostic } from '../../../ip/index.ts';
import { readIni, type IniFile, type Option, type Section } from './ini-file.ts';

/** fail2ban's folder: the texts of all files by path. */
export interface ConfigFiles {
  /** `/etc/fail2ban`. */
  readonly folder: string;
  readonly texts: ReadonlyMap<string, string>;
}

const INCLUDES = 'INCLUDES';

/** The section of what another file said before: `%(known/option)s`. */
const KNOWN = 'KNOWN/';

/** A configuration that some files make together, later ones over earlier ones. */
export class Config {
  readonly defaults: Section = new Map();
  readonly sections = new Map<string, Section>();
  readonly diagnostics: Diagnostic[] = [];
  readonly #files: ConfigFiles;

  private constructor(files: ConfigFiles) {
    this.#files = files;
  }

  /**
   * Reads `NAME.conf`, `NAME.d/*.conf`, `NAME.local` and `NAME.d/*.local`, each with what it includes; null when there is none of them.
   * Codes: those of `readIni`, `file-missing`.
   */
  static read(files: ConfigFiles, name: string): Config | null {
    const base = posix.join(files.folder, name);
    const inFolder = (ending: string): string[] =>
      [...files.texts.keys()].filter((p) => posix.dirname(p) === `${base}.d` && p.endsWith(ending)).sort();
    const all = [`${base}.conf`, ...inFolder('.conf'), `${base}.local`, ...inFolder('.local')];
    const there = all.filter((path) => files.texts.has(path));
    if (there.length === 0) return null;
    const config = new Config(files);
    for (const path of config.#withIncludes(there, [])) config.#merge(config.#open(path));
    return config;
  }

  #open(path: string): IniFile {
    const file = readIni(this.#files.texts.get(path)!, path);
    this.diagnostics.push(...file.diagnostics);
    return file;
  }

  /** The files in the order in which they count; a `.local` counts right behind its `.conf`. */
  #withIncludes(paths: readonly string[], seen: readonly string[]): readonly string[] {
    const withLocal = paths.flatMap((path) => {
      const local = path.replace(/\.[^./]*$/, '.local');
      return paths.includes(local) || !this.#files.texts.has(local) ? [path] : [path, local];
    });
    return withLocal.flatMap((path) => {
      if (!this.#files.texts.has(path)) return [];
      const includes = readIni(this.#files.texts.get(path)!, path).sections.get(INCLUDES);
      const around = (name: string): readonly string[] => this.#included(includes?.get(name), path, seen);
      return [...around('before'), path, ...around('after')];
    });
  }

  #included(option: Option | undefined, path: string, seen: readonly string[]): readonly string[] {
    const names = option?.value.split('\n').filter((n) => n !== '') ?? [];
    return names.flatMap((name) => {
      const other = posix.isAbsolute(name) ? name : posix.join(posix.dirname(path), name);
      if (seen.includes(other)) return [];
      const isThere = this.#files.texts.has(other) || this.#files.texts.has(other.replace(/\.conf$/, '.local'));
      // many files of fail2ban name a .local that only some people have
      if (!isThere && !other.endsWith('.local')) this.#missing(other, option!);
      return this.#withIncludes([other], [...seen, path]);
    });
  }

  #missing(other: string, { file, line, value }: Option): void {
    const span = { source: file, line, column: 1, length: value.length };
    this.diagnostics.push({ code: 'file-missing', severity: 'error', message: `${other} is not there`, span });
  }

  #merge({ sections }: IniFile): void {
    for (const [name, options] of sections) {
      if (name === 'DEFAULT') for (const [key, option] of options) this.defaults.set(key, option);
      else this.#mergeSection(name, options);
    }
  }

  /** `[Init?family=inet6]` are options of `[Init]` that count under a condition. */
  #mergeSection(full: string, options: Section): void {
    const [, name = full, condition = ''] = /^(\w+)(\?.+)$/.exec(full) ?? [];
    const before = this.sections.get(name);
    const section: Section = before ?? new Map<string, Option>();
    if (before) {
      const known = this.sections.get(KNOWN + name) ?? new Map<string, Option>();
      for (const [key] of options)
        if (before.has(key + condition)) known.set(key + condition, before.get(key + condition)!);
      this.sections.set(KNOWN + name, known);
    }
    for (const [key, option] of options) section.set(key + condition, option);
    this.sections.set(name, section);
  }

  /** Sections that the files name, without fail2ban's own. */
  get names(): readonly string[] {
    return [...this.sections.keys()].filter((n) => n !== INCLUDES && !n.startsWith(KNOWN));
  }

  /** An option as it is written, in its section or else in `[DEFAULT]`. */
  raw(section: string, name: string): Option | undefined {
    return this.sections.get(section)?.get(name) ?? this.defaults.get(name);
  }

  /** What `%(section/option)s` means within `current`, as it is written. */
  rawAcross(current: string, section: string, name: string): Option | undefined {
    if (section.toLowerCase() === 'default') return this.defaults.get(name);
    if (section.toLowerCase() === 'known')
      return this.sections.get(KNOWN + current)?.get(name) ?? this.defaults.get(name);
    const other = this.sections.get(section);
    return other && (other.get(name) ?? this.defaults.get(name));
  }
}
