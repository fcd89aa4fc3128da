import * as z from 'zod/mini';
import type { Diagnostic } from '../ip/index.ts';
import type { YamlDocument } from '../dialect/yaml/index.ts';
import { fileBeside, said, settingsPart } from './settings-part.ts';

/** A port of the site, and the port of this machine where the page answers for it. */
export interface PortSetting {
  readonly site: number;
  readonly page: number;
  readonly tls: boolean;
}

/** Where the site and its page answer. */
export interface PortsSettings {
  readonly ports: readonly PortSetting[];
  /** Certificates of the site, for the ports with TLS: PEM files that `user` can read. */
  readonly certificates: readonly { readonly certificate: string; readonly key: string }[];
}

const port = z.int().check(z.minimum(1), z.maximum(65535));
const onePort = z.strictObject({ site: port, page: port, tls: z.optional(z.boolean()) });
const certificate = z.strictObject({ certificate: z.string(), key: z.string() });
const USUAL: PortsSettings = { ports: [{ site: 80, page: 18080, tls: false }], certificates: [] };

/** `ports`, `certificates`. Code: `key-missing` for a port with TLS without a certificate. */
export const portsSettings = settingsPart({
  fields: {
    ports: said(
      'Ports of the site, each with a port of this machine where the page answers; 80 alone when not said. `tls` is true for 443',
      z.optional(z.array(onePort).check(z.minLength(1))),
    ),
    certificates: said(
      'Certificates of the site with their keys, for ports with TLS',
      z.optional(z.array(certificate)),
    ),
  },
  usual: USUAL,
  read({ ports, certificates = [] }, document) {
    const value: PortsSettings = {
      ports: ports?.map(({ tls, ...p }) => ({ ...p, tls: tls ?? p.site === 443 })) ?? USUAL.ports,
      certificates: certificates.map((files) => ({
        certificate: fileBeside(files.certificate, document),
        key: fileBeside(files.key, document),
      })),
    };
    return { value, diagnostics: lacksCertificate(value, document) };
  },
});

function lacksCertificate({ ports, certificates }: PortsSettings, document: YamlDocument): readonly Diagnostic[] {
  const at = ports.findIndex((p) => p.tls);
  if (at < 0 || certificates.length > 0) return [];
  const message = `port ${ports[at]!.site} has TLS: the page needs the certificate of the site`;
  const hint = 'name its files: certificates: [{ certificate: FILE, key: FILE }]';
  return [{ code: 'key-missing', severity: 'error', message, hint, span: document.at(['ports', at]) }];
}
