import type { Span } from '../ip/index.ts';
import { readYaml, type Path } from '../dialect/yaml/index.ts';

/** Where in a settings file something stands, or the nearest thing around it; undefined where there is no such file. */
export type SettingsPlaces = (...path: Path) => Span | undefined;

/** The places of a settings file that was read before. */
export function settingsPlaces(content: string, source: string): SettingsPlaces {
  const { value } = readYaml(content, source);
  return (...path) => value?.at(path);
}
