import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SAMPLES } from './installed.ts';

/** Options of a filter, and of fail2ban's test of it (`test.…`). */
export type SampleOptions = Readonly<Record<string, string>>;

/** A line of a sample log, with what its annotation wants; null where it has none, and must not match. */
export interface Sample {
  readonly line: string;
  readonly wanted: Readonly<Record<string, unknown>> | null;
  /** The filter's options with which it is read, one after the other. */
  readonly options: readonly SampleOptions[];
}

/** The sample logs of a filter, read as fail2ban's own test reads them. */
export function samplesOf(filter: string): readonly Sample[] {
  const files = [filter];
  const samples: Sample[] = [];
  let common: SampleOptions = {};
  let options: readonly SampleOptions[] = [{}];
  for (const file of files) {
    const lines = readFileSync(join(SAMPLES, file), 'utf8').split(/\r?\n/);
    for (let i = 0; i < lines.length; i++) {
      const [, kind, json] = /^#+ ?(failJSON|(?:file|filter)Options|addFILE):(.+)$/.exec(lines[i]!) ?? [];
      const said = json === undefined ? null : (JSON.parse(json) as Record<string, unknown>);
      if (kind === 'fileOptions') common = said as SampleOptions;
      else if (kind === 'filterOptions') options = [said].flat() as SampleOptions[];
      else if (kind === 'addFILE') files.push(said as unknown as string);
      else if (kind === undefined && (lines[i]!.startsWith('#') || lines[i]!.trim() === '')) continue;
      else {
        if (kind === 'failJSON') i++;
        const all = options.map((o) => ({ ...common, ...o }));
        const wanted = all.filter((o) => isMeant(said?.['constraint'], filter, o));
        samples.push({ line: lines[i]!, wanted: said, options: wanted });
      }
    }
  }
  return samples;
}

/** Conditions in the samples are Python: `name == 'sshd'`, `opts.get('mode') != 'aggressive'`. */
function isMeant(constraint: unknown, name: string, options: SampleOptions): boolean {
  const conditions = [constraint, options['test.condition']].filter((c) => typeof c === 'string');
  return conditions.every((condition) => {
    const [, what, sign, value] = /^(name|opts\.get\('mode'\)) ?(==|!=) ?'(\w+)'$/.exec(condition) ?? [];
    if (what === undefined) throw new Error(`a condition that is not understood: ${condition}`);
    return ((what === 'name' ? name : options['mode']) === value) === (sign === '==');
  });
}
