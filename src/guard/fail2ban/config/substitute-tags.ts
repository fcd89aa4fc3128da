import { failure, success, type Result } from '../../../ip/index.ts';

/** Replacements of one name in one value before it counts as naming itself. */
const MOST = 25;

/**
 * Replaces `<name>` in all values by the value of that name, again and again, also where a name is made of one: `<mdre-<mode>>`. `more` is
 * asked for names that are not among them; what nobody knows stays, `<HOST>` too. Code: `value-invalid`.
 */
export function substituteTags(
  values: ReadonlyMap<string, string>,
  more: (name: string) => string | null,
): Result<ReadonlyMap<string, string>> {
  const done = new Map(values);
  for (let isAgain = true, round = 0; isAgain; round++) {
    isAgain = false;
    for (const [name, value] of done) {
      const replaced = replacedIn(name, value, (tag) => done.get(tag) ?? more(tag));
      if (replaced === null || round > MOST)
        return failure('value-invalid', `${name}: <${name}> leads back to itself, it can't be resolved`);
      if (replaced === value) continue;
      done.set(name, replaced);
      isAgain = true;
    }
  }
  return success(done);
}

/** Null when the value names itself. */
function replacedIn(name: string, text: string, valueOf: (tag: string) => string | null): string | null {
  const counts = new Map<string, number>();
  const tags = /<([^ <>]+)>/g;
  let value = text;
  for (let tag = tags.exec(value); tag; tag = tags.exec(value)) {
    const replacement = tag[1] === name ? null : valueOf(tag[1]!);
    if (tag[1] === name) return null;
    if (replacement === null) continue;
    const count = (counts.get(tag[1]!) ?? 0) + 1;
    if (count > MOST) return null;
    counts.set(tag[1]!, count);
    value = value.replaceAll(tag[0], () => replacement);
    tags.lastIndex = tag.index;
  }
  return value;
}
