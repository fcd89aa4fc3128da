import { resolve } from 'node:path';
import { DEFAULT_SETTINGS, parseGuardSettings, type GuardSettings } from '../../../guard/index.ts';
import type { Machine } from '../../../host/index.ts';
import type { Parsed } from '../../../ip/index.ts';

/** Where settings are when nobody names a file. */
export const SETTINGS_FILE = '/etc/waymark/guard.yaml';

/** The settings of a file; without a name those of `SETTINGS_FILE`, or the usual ones where there is none. */
export async function settingsOf(machine: Machine, file: string | undefined): Promise<Parsed<GuardSettings>> {
  const path = file ?? SETTINGS_FILE;
  const text = await machine.readFile(path);
  if (text.ok) return parseGuardSettings(text.value, path);
  if (file === undefined && text.code === 'file-missing') return { value: DEFAULT_SETTINGS, diagnostics: [] };
  return { value: DEFAULT_SETTINGS, diagnostics: [{ severity: 'error', ...text }] };
}

/** The whole path of the settings file that counts; null when there is none, and the usual settings do. */
export async function settingsFileOf(machine: Machine, file: string | undefined): Promise<string | null> {
  if (file !== undefined) return resolve(file);
  return (await machine.exists(SETTINGS_FILE)) ? SETTINGS_FILE : null;
}
