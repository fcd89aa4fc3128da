import * as z from 'zod/mini';
import { nearestHint, type Diagnostic } from '../ip/index.ts';
import type { YamlDocument } from '../dialect/yaml/index.ts';
import { detectorShape, type DetectorSaid } from './detect/detector-shape.ts';
import type { Detector } from './detect/detector.ts';
import { MOST_DETECTORS } from './detect/line-matcher.ts';
import { readDetector } from './detect/read-detector.ts';
import { SHIPPED_DETECTORS } from './detect/shipped-detectors.ts';
import { said, settingsPart } from './settings-part.ts';

/** What tells abuse from what is written in logs. */
export interface DetectorsSettings {
  readonly detectors: readonly Detector[];
}

/** `detectors`. Codes: `key-missing`, `value-invalid`, `duration-invalid`. */
export const detectorsSettings = settingsPart({
  fields: {
    detectors: said(
      'Detectors of your own, and what is different of those that are shipped: docs/logs.md',
      z.optional(z.array(detectorShape)),
    ),
  },
  usual: { detectors: SHIPPED_DETECTORS } satisfies DetectorsSettings,
  read({ detectors: given = [] }, document) {
    const all = new Map(SHIPPED_DETECTORS.map((d) => [d.name, d]));
    const diagnostics = given.flatMap((one, i) => take(one, all, ['detectors', i], document));
    const detectors = [...all.values()].slice(0, MOST_DETECTORS);
    if (all.size > MOST_DETECTORS)
      diagnostics.push({
        ...{ code: 'value-invalid', severity: 'error', span: document.at(['detectors']) },
        message: `${all.size} detectors are too many, ${MOST_DETECTORS} is the most`,
        hint: "switch some off that you don't need: { name: ssh-names, off: true }",
      });
    return { value: { detectors }, diagnostics };
  },
});

/** Puts one among all, or takes it away; what is wrong with it. */
function take(
  given: DetectorSaid,
  all: Map<string, Detector>,
  path: readonly (string | number)[],
  document: YamlDocument,
): Diagnostic[] {
  if (given.off === true) return all.delete(given.name) ? [] : [notShipped(given.name, all, path, document)];
  const read = readDetector(given, all.get(given.name) ?? null);
  if (!read.ok) {
    const { at, ...fault } = read;
    return [{ severity: 'error', ...fault, span: document.at([...path, ...at]) }];
  }
  all.set(given.name, read.value);
  return [];
}

function notShipped(
  name: string,
  all: ReadonlyMap<string, Detector>,
  path: readonly (string | number)[],
  document: YamlDocument,
): Diagnostic {
  const hint = nearestHint(name, [...all.keys()]) ?? 'docs/logs.md lists all';
  const span = document.at([...path, 'name']);
  return { code: 'value-invalid', severity: 'error', message: `no detector '${name}' is shipped`, hint, span };
}
