import * as z from 'zod/mini';
import type { Diagnostic, Parsed } from '../ip/index.ts';
import { readShape, readYaml, type Shape } from '../dialect/yaml/index.ts';
import { allowSettings, type AllowSettings } from './settings-allow.ts';
import { appealSettings, type AppealSettings } from './settings-appeals.ts';
import { deliverySettings, deliveryFaults, type DeliverySettings } from './settings-delivery.ts';
import { detectorsSettings, type DetectorsSettings } from './settings-detectors.ts';
import { logsSettings, type LogsSettings } from './settings-logs.ts';
import { metricsSettings, type MetricsSettings } from './settings-metrics.ts';
import { pageSettings, type PageSettings } from './settings-page.ts';
import { keysAt } from './settings-part.ts';
import { placeSettings, type PlaceSettings } from './settings-place.ts';
import { portsSettings, type PortsSettings } from './settings-ports.ts';
import { proxySettings, type ProxySettings } from './settings-proxy.ts';

// a part more stands here in three places, and in a file of its own: settings-NAME.ts

/** How a guard is set up. */
export interface GuardSettings
  extends
    PortsSettings,
    DeliverySettings,
    PageSettings,
    AppealSettings,
    AllowSettings,
    LogsSettings,
    DetectorsSettings,
    MetricsSettings,
    PlaceSettings,
    ProxySettings {}

const PARTS = [
  portsSettings,
  deliverySettings,
  pageSettings,
  appealSettings,
  allowSettings,
  logsSettings,
  detectorsSettings,
  metricsSettings,
  placeSettings,
  proxySettings,
] as const;

/** The shape of the settings file; what its texts mean is read afterwards. */
export const settingsSchema = z
  .strictObject({
    ...portsSettings.fields,
    ...deliverySettings.fields,
    ...pageSettings.fields,
    ...appealSettings.fields,
    ...allowSettings.fields,
    ...logsSettings.fields,
    ...detectorsSettings.fields,
    ...metricsSettings.fields,
    ...placeSettings.fields,
    ...proxySettings.fields,
  })
  .check(z.describe('Settings of the guard'));

/** The JSON Schema of settings files, for editors. */
export const settingsJsonSchema = (): unknown => ({ title: 'Waymark guard', ...z.toJSONSchema(settingsSchema) });

type SettingsShape = z.infer<typeof settingsSchema>;

const SHAPE: Shape<SettingsShape> = {
  schema: settingsSchema,
  empty: {},
  knownKeys: (path) => keysAt(settingsSchema, path),
};

const joined = (values: readonly object[]): GuardSettings => Object.assign({}, ...values) as GuardSettings;

/** What counts when nothing is said. */
export const DEFAULT_SETTINGS: GuardSettings = joined(PARTS.map((part) => part.usual));

/**
 * Reads a settings file. What is wrong is noted; what is not said is as in `DEFAULT_SETTINGS`. Codes: those of `readYaml`,
 * `readShape` and of the parts.
 */
export function parseGuardSettings(content: string, source: string): Parsed<GuardSettings> {
  const yaml = readYaml(content, source);
  if (!yaml.value) return { value: DEFAULT_SETTINGS, diagnostics: yaml.diagnostics };
  const document = yaml.value;
  const shape = readShape(document, SHAPE);
  const parts = PARTS.map((part) => part.read(shape.value, document));
  const value = joined(parts.map((p) => p.value));
  const faults = [...yaml.diagnostics, ...shape.diagnostics, ...parts.flatMap((p) => p.diagnostics)];
  return { value, diagnostics: fromTop([...faults, ...deliveryFaults(value, document)]) };
}

const fromTop = (diagnostics: readonly Diagnostic[]): readonly Diagnostic[] => {
  const place = ({ span }: Diagnostic): number => (span ? span.line * 1e7 + span.column : 0);
  return diagnostics.toSorted((a, b) => place(a) - place(b));
};
