import { readFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import { loadText } from '../../src/facts/index.ts';
import type { Network } from '../../src/model/index.ts';

/**
 * The network of a network file with overlays on it, files or values: maps are merged, everything else is replaced, null
 * takes out.
 */
export function networkFrom(base: string, ...overlays: readonly unknown[]): Network {
  const valueOf = (o: unknown): unknown => (typeof o === 'string' ? read(o) : o);
  const text = stringify(
    overlays.reduce<unknown>((all, o) => merged(all, valueOf(o)), read(base)),
    { lineWidth: 0 },
  );
  const loaded = loadText(text, base, { read: () => null, list: () => [] });
  const errors = loaded.diagnostics.filter((d) => d.severity === 'error');
  if (errors.length > 0) throw new Error(errors.map((d) => `${d.span?.line ?? 0}: ${d.message}`).join('\n'));
  return loaded.value;
}

const read = (file: string): unknown => parse(readFileSync(file, 'utf8'));

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value with an overlay on it. */
export function merged(base: unknown, overlay: unknown): unknown {
  if (!isMap(base) || !isMap(overlay)) return overlay;
  const all = { ...base };
  for (const [key, value] of Object.entries(overlay)) {
    if (value === null) Reflect.deleteProperty(all, key);
    else all[key] = key in base ? merged(base[key], value) : value;
  }
  return all;
}
