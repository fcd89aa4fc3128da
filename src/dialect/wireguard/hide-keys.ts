const SECRET = /((?:PrivateKey|PresharedKey)\b[ \t=:]*)[^\r\n]*/gi;
const KEY = /[A-Za-z0-9+/]{42,43}=/g;

/**
 * A configuration without its private and preshared keys, also those in comments and in lines that are no settings;
 * lines stay where they are. Whatever looks like a key goes, but for the value of a PublicKey.
 */
export const hideKeys = (text: string): string =>
  text
    .replaceAll(SECRET, '$1(hidden)')
    .split('\n')
    .map((line) => (/^\s*PublicKey\s*=/i.test(line) ? line : line.replaceAll(KEY, '(hidden)')))
    .join('\n');

/** The output of `wg show all dump` without private and preshared keys: second word of an interface, third of a peer. */
export const hideKeysOfDump = (text: string): string =>
  text
    .split('\n')
    .map((line) => {
      const fields = line.split('\t');
      if (fields.length !== 5 && fields.length !== 9) return line.replaceAll(KEY, '(hidden)');
      const at = fields.length === 9 ? 2 : 1;
      return fields.map((f, i) => (i === at && f !== '(none)' ? '(hidden)' : f)).join('\t');
    })
    .join('\n');
