/** Names of all labs' namespaces start so. */
export const NAMESPACE_START = 'wm-';

/** Gives out namespace names: `wm-RUN-NAME`, each once. Signs that a file name or `ip -batch` can't hold become dashes. */
export class NamespaceNames {
  readonly #run: string;
  readonly #taken = new Set<string>();

  constructor(run: string) {
    this.#run = run;
  }

  /** A name for that purpose; with underscores behind it where it is taken. */
  take(purpose: string): string {
    let name = `${NAMESPACE_START}${this.#run}-${purpose.replace(/[^\p{L}\p{N}._-]/gu, '-').slice(0, 80)}`;
    while (this.#taken.has(name)) name += '_';
    this.#taken.add(name);
    return name;
  }
}
