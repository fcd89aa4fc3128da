import { failure, success, type Result } from '../../../ip/index.ts';
import type { Config } from './config.ts';

/** Values that count before those of the files, by name. */
export type Given = ReadonlyMap<string, string>;

/** configparser.MAX_INTERPOLATION_DEPTH */
const DEEPEST = 10;

/**
 * An option with every `%(name)s` and `%(section/name)s` in it replaced; null when there is none of that name. Code: `value-invalid`.
 */
export function optionOf(config: Config, section: string, name: string, given: Given): Result<string | null> {
  const raw = given.get(name) ?? config.raw(section, name)?.value;
  return raw === undefined ? success(null) : interpolated({ config, section, given }, raw, 1);
}

interface Place {
  readonly config: Config;
  readonly section: string;
  readonly given: Given;
}

function interpolated(place: Place, text: string, depth: number): Result<string> {
  if (!text.includes('%')) return success(text);
  if (depth > DEEPEST) return failure('value-invalid', `%(…)s goes deeper than ${DEEPEST} times: does it name itself?`);
  let fault: Result<string> | null = null;
  const done = text.replaceAll(/%(?:(%)|\(([^)]*)\)s|)/g, (all, percent?: string, name?: string) => {
    if (percent !== undefined) return '%';
    const inner = name === undefined ? null : nested(place, name, depth);
    if (inner?.ok) return inner.value;
    fault ??= inner ?? failure('value-invalid', `"%" must be followed by "%" or "(NAME)s"`);
    return all;
  });
  return fault ?? success(done);
}

function nested(place: Place, name: string, depth: number): Result<string> {
  const raw = rawOf(place, name);
  return raw === undefined
    ? failure('value-invalid', `%(${name})s: there is no option of that name`)
    : interpolated(place, raw, depth + 1);
}

function rawOf({ config, section, given }: Place, written: string): string | undefined {
  const name = written.toLowerCase();
  if (name === '__name__') return section;
  const own = given.get(name) ?? config.raw(section, name)?.value;
  if (own !== undefined) return own;
  const [, other, option] = /^([\w-]+)\/(.+)$/.exec(written) ?? [];
  return other === undefined ? undefined : config.rawAcross(section, other, option!.toLowerCase())?.value;
}
