/** Whether a file name is a pattern. */
export const hasWildcards = (pattern: string): boolean => /[*?]/.test(pattern);

/** Whether a path matches a pattern with `*` and `?`, as a shell means it: neither stands for a slash. */
export function matchesWildcards(path: string, pattern: string): boolean {
  const parts = pattern.split('/');
  const own = path.split('/');
  return parts.length === own.length && parts.every((p, i) => matchesPart(own[i]!, p));
}

/** Linear in both lengths but for one step back to the last star. */
function matchesPart(name: string, pattern: string): boolean {
  let at = 0;
  let star = -1;
  let back = 0;
  let i = 0;
  while (i < name.length) {
    const c = pattern[at];
    if (c === '*') {
      star = at++;
      back = i;
    } else if (c === '?' || c === name[i]) {
      at++;
      i++;
    } else if (star >= 0) {
      at = star + 1;
      i = ++back;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}
