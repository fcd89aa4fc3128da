import type { ConfigFiles } from '../../../guard/index.ts';
import type { Machine } from '../../../host/index.ts';
import type { Parsed } from '../../../ip/index.ts';

/** Where fail2ban's configuration is. */
export const FAIL2BAN_FOLDER = '/etc/fail2ban';

/** Folders of it that hold filters and jails. */
const FOLDERS = ['', '/filter.d', '/jail.d', '/fail2ban.d'];

/** All files of fail2ban's configuration. Codes: those of `Machine.readFile`; a folder that is not there is none. */
export async function fail2banFiles(machine: Machine, folder = FAIL2BAN_FOLDER): Promise<Parsed<ConfigFiles>> {
  const texts = new Map<string, string>();
  const whole = folder.replace(/(?<=.)\/+$/, '');
  const top = await machine.list(whole);
  if (!top.ok) return { value: { folder: whole, texts }, diagnostics: [{ severity: 'error', ...top }] };
  for (const part of FOLDERS) {
    const names = await machine.list(whole + part);
    const files = names.ok ? names.value.filter((n) => /\.(conf|local)$/.test(n)) : [];
    for (const name of files) {
      const path = `${whole}${part}/${name}`;
      const text = await machine.readFile(path);
      if (!text.ok) return { value: { folder: whole, texts }, diagnostics: [{ severity: 'error', ...text }] };
      texts.set(path, text.value);
    }
  }
  return { value: { folder: whole, texts }, diagnostics: [] };
}
