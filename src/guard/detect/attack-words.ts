/** What attacks have in path or query, once percent signs and plus signs are read: ways out of the folder, SQL, scripts, look-ups. */
const WORDS = [
  ...['../', '..\\', '=/etc/passwd', '=/etc/shadow', '=/proc/self', 'php://', 'file://'],
  ...[
    'union select',
    'union all select',
    ' information_schema',
    "' or '",
    "' or 1",
    "' and '",
    "' and 1",
    "'--",
    "' or sleep",
  ],
  ...['sleep(', 'benchmark(', 'waitfor delay', 'load_file(', ' order by 1', ' xp_cmdshell'],
  ...['<script', 'javascript:', ' onerror=', ' onload=', '<svg', '<img', '<iframe'],
  ...[
    '${jndi:',
    '$(',
    '|cat ',
    ';cat ',
    ';wget ',
    'wget http',
    'curl http',
    '<?php',
    ' allow_url_include',
    ' auto_prepend_file',
  ],
].map((word) => word.toLowerCase());

/** Characters of which each word has one: 2. 1 needs another one behind it: two dots, or a slash behind an equals sign. */
const HINTS = new Uint8Array(65_536);
for (const c of " %+'$(<:\\|;") HINTS[c.charCodeAt(0)] = 2;
HINTS[46] = HINTS[61] = 1;

/** Longest piece that is looked at. */
const LOOKED_AT = 4096;

/** Whether a path with its query could hold an attack: quick, and wrong only in saying yes. */
export function mayAttack(text: string, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const c = text.charCodeAt(i);
    const hint = HINTS[c]!;
    if (hint === 0) continue;
    if (hint === 2 || text.charCodeAt(i + 1) === (c === 46 ? 46 : 47)) return true;
  }
  return false;
}

/** The word of an attack in a path with its query; null when there is none. Encoded twice is read too. */
export function attackIn(path: string): string | null {
  const once = decoded(path.slice(0, LOOKED_AT).toLowerCase().replaceAll('+', ' '));
  const twice = once.includes('%') ? decoded(once) : once;
  for (const word of WORDS) if (twice.includes(word)) return word;
  return null;
}

/** Percent signs with two digits as the bytes that they mean, others as they are. */
export const decoded = (text: string): string =>
  text.includes('%')
    ? text.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)).toLowerCase())
    : text;
