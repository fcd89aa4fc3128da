import { failure, success, type Result } from '../../../ip/index.ts';

/** `sshd[mode=aggressive]`: a name, and options for it. */
export interface NameWithOptions {
  readonly name: string;
  /** By name, as it was written. */
  readonly options: ReadonlyMap<string, string>;
}

/** Reads what `filter =` says; values may be in quotes, and there may be more brackets than one pair. Code: `value-invalid`. */
export function readNameWithOptions(text: string): Result<NameWithOptions> {
  const whole = /^([^[]+)(?:\[(.*)\])?\s*$/s.exec(text.trim());
  if (!whole) return failure('value-invalid', `"${text}" is no NAME[OPTION=VALUE, …]`);
  const options = new Map<string, string>();
  const option = /\s*([\w\-.]+)=(?:"([^"]*)"|'([^']*)'|([^,\]]*))\s*(?:,|\]\s*\[|$)|,?\s*$/suy;
  const inside = whole[2] ?? '';
  while (option.lastIndex < inside.length) {
    const from = option.lastIndex;
    const found = option.exec(inside);
    if (!found) return failure('value-invalid', `"${inside.slice(from)}" is no OPTION=VALUE`);
    if (found[1] !== undefined) options.set(found[1], (found[2] ?? found[3] ?? found[4]!).trim());
    if (found[0] === '') break;
  }
  return success({ name: whole[1]!.trim(), options });
}
