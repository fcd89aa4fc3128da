/**
 * A configuration in braces (`interfaces { ethernet eth0 { address 10.5.5.1/24 } }`) as `set` lines, each on the line of
 * its leaf; other lines are empty. Text that has no braces comes back as it is.
 */
export function asSetLines(text: string): string {
  if (!/^\s*[\w-]+[^'"{}]*\{\s*$/m.test(text)) return text;
  const path: string[] = [];
  const all = text.split(/\r?\n/).map((line) => line.trim());
  const lines = all.map((words, i) => {
    if (words.endsWith('{')) path.push(words.slice(0, -1).trim());
    if (words === '}') path.pop();
    if (path.length === 0) return /^set\s/.test(words) ? words : '';
    // a block with nothing in it is a leaf
    if (words.endsWith('{')) return all[i + 1] === '}' ? `set ${path.join(' ')}` : '';
    return words === '' || words === '}' || /^(\/\*|#|\/\/)/.test(words) ? '' : `set ${[...path, words].join(' ')}`;
  });
  return lines.join('\n');
}
