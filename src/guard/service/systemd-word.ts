/** A word for a command line of systemd: `$` and `%` mean something there (systemd.service(5), systemd.unit(5)). */
export const systemdWord = (word: string): string => {
  const plain = word.replaceAll('%', '%%').replaceAll('$', '$$$$');
  return /^[\w@%$+=:,./-]+$/.test(plain) ? plain : `"${plain.replaceAll(/["\\]/g, '\\$&')}"`;
};
