import * as z from 'zod/mini';
import { parseAddress, type Diagnostic } from '../ip/index.ts';
import { said, settingsPart } from './settings-part.ts';

/** Where Prometheus reads; null for nowhere. */
export interface MetricsSettings {
  readonly metrics: { readonly port: number; readonly address: string } | null;
}

const metrics = z.strictObject({
  port: said('Where Prometheus reads: http://ADDRESS:PORT/metrics', z.int().check(z.minimum(1), z.maximum(65535))),
  address: said('An address of this machine; 127.0.0.1 when not said', z.optional(z.string())),
});

const NOWHERE: MetricsSettings = { metrics: null };

/** `metrics`. Codes: those of `parseAddress`. */
export const metricsSettings = settingsPart({
  fields: { metrics: said('Where Prometheus reads; nowhere when not said', z.optional(metrics)) },
  usual: NOWHERE,
  read({ metrics: where }, document) {
    if (!where) return { value: NOWHERE, diagnostics: [] };
    const { port, address = '127.0.0.1' } = where;
    const read = parseAddress(address);
    const span = document.at(['metrics', 'address']);
    const diagnostics: Diagnostic[] = read.ok ? [] : [{ severity: 'error', ...read, span }];
    return { value: { metrics: { port, address } }, diagnostics };
  },
});
