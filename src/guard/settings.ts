import * as z from 'zod/mini';
import { parsePrefix, type Diagnostic, type Parsed, type Prefix } from '../ip/index.ts';
import { readShape, readYaml, WRONG, type Shape, type YamlDocument } from '../dialect/yaml/index.ts';
import type { Contact } from './page/visit.ts';

/** A port of the site, and the port of this machine where the page answers for it. */
export interface PortSetting {
  readonly site: number;
  readonly page: number;
  readonly tls: boolean;
}

/** How a guard is set up. */
export interface GuardSettings {
  readonly ports: readonly PortSetting[];
  /** Certificates of the site, for the ports with TLS: PEM files that `user` can read. */
  readonly certificates: readonly { readonly certificate: string; readonly key: string }[];
  /** Never blocked. */
  readonly allow: readonly Prefix[];
  readonly engine: 'nft' | 'iptables';
  readonly contact: Contact;
  /** Where the decisions are kept. */
  readonly folder: string;
  /** Where commands speak to the guard that runs. */
  readonly socket: string;
  /** Who serves the page. */
  readonly user: string;
}

/** What counts when nothing is said. */
export const DEFAULT_SETTINGS: GuardSettings = {
  ports: [{ site: 80, page: 18080, tls: false }],
  certificates: [],
  allow: [],
  engine: 'nft',
  contact: {},
  folder: '/var/lib/waymark',
  socket: '/run/waymark/guard.sock',
  user: 'nobody',
};

/** The type with words that editors show. */
const said = <T extends z.ZodMiniType>(words: string, type: T): T => type.check(z.describe(words));
const port = z.int().check(z.minimum(1), z.maximum(65535));
const text = z.string();

const contact = z.strictObject({
  site: said('Name of the site, as visitors know it', z.optional(text)),
  phone: said('Whom to call', z.optional(text)),
  email: said('Whom to write to', z.optional(text)),
});

const onePort = z.strictObject({ site: port, page: port, tls: z.optional(z.boolean()) });
const certificate = z.strictObject({ certificate: text, key: text });

/** The shape of the settings file; what its texts mean is read afterwards. */
export const settingsSchema = said(
  'Settings of the guard',
  z.strictObject({
    ports: said(
      'Ports of the site, each with a port of this machine where the page answers; 80 alone when not said. `tls` is true for 443',
      z.optional(z.array(onePort).check(z.minLength(1))),
    ),
    certificates: said(
      'Certificates of the site with their keys, for ports with TLS',
      z.optional(z.array(certificate)),
    ),
    engine: said('Which firewall: nft, or iptables with ipset', z.optional(z.enum(['nft', 'iptables']))),
    allow: said('Addresses and prefixes that are never blocked', z.optional(z.array(text))),
    contact: said('What the page says about whom to call', z.optional(contact)),
    folder: said('Where the decisions are kept; /var/lib/waymark when not said', z.optional(text)),
    socket: said('Where commands speak to the guard; /run/waymark/guard.sock when not said', z.optional(text)),
    user: said('Who serves the page, and can read the keys; nobody when not said', z.optional(text)),
  }),
);

/** The JSON Schema of settings files, for editors. */
export const settingsJsonSchema = (): unknown => ({ title: 'Waymark guard', ...z.toJSONSchema(settingsSchema) });

type SettingsShape = z.infer<typeof settingsSchema>;

const INNER: Readonly<Record<string, object>> = {
  contact: contact.shape,
  ports: onePort.shape,
  certificates: certificate.shape,
};
const SHAPE: Shape<SettingsShape> = {
  schema: settingsSchema,
  empty: {},
  knownKeys: ([top]) => Object.keys(top === undefined ? settingsSchema.shape : (INNER[top] ?? {})),
};

/**
 * Reads a settings file. What is wrong is noted; what is not said is as in `DEFAULT_SETTINGS`. Codes: those of `readYaml`,
 * `readShape` and `parsePrefix`, `key-missing` for a port with TLS without a certificate.
 */
export function parseGuardSettings(content: string, source: string): Parsed<GuardSettings> {
  const yaml = readYaml(content, source);
  if (!yaml.value) return { value: DEFAULT_SETTINGS, diagnostics: yaml.diagnostics };
  const shape = readShape(yaml.value, SHAPE);
  const { ports, allow = [], certificates = [], ...others } = shape.value;
  const allowed = prefixesOf(allow, yaml.value);
  const value: GuardSettings = {
    ...DEFAULT_SETTINGS,
    ...(ports && { ports: ports.map(({ tls, ...p }) => ({ ...p, tls: tls ?? p.site === 443 })) }),
    certificates,
    allow: allowed.value,
    ...(others as Partial<GuardSettings>),
  };
  const faults = [
    ...yaml.diagnostics,
    ...shape.diagnostics,
    ...allowed.diagnostics,
    ...lacksCertificate(value, yaml.value),
  ];
  return { value, diagnostics: fromTop(faults) };
}

function lacksCertificate({ ports, certificates }: GuardSettings, document: YamlDocument): readonly Diagnostic[] {
  const at = ports.findIndex((p) => p.tls);
  if (at < 0 || certificates.length > 0) return [];
  const message = `port ${ports[at]!.site} has TLS: the page needs the certificate of the site`;
  const hint = 'name its files: certificates: [{ certificate: FILE, key: FILE }]';
  return [{ code: 'key-missing', severity: 'error', message, hint, span: document.at(['ports', at]) }];
}

const fromTop = (diagnostics: readonly Diagnostic[]): readonly Diagnostic[] => {
  const place = ({ span }: Diagnostic): number => (span ? span.line * 1e7 + span.column : 0);
  return diagnostics.toSorted((a, b) => place(a) - place(b));
};

function prefixesOf(texts: readonly string[], document: YamlDocument): Parsed<readonly Prefix[]> {
  const diagnostics: Diagnostic[] = [];
  const value = texts.flatMap((word, i) => {
    if (word === WRONG) return [];
    const prefix = parsePrefix(word);
    if (prefix.ok) return [prefix.value];
    const { code, message, hint } = prefix;
    const span = document.at(['allow', i]);
    diagnostics.push({ code, severity: 'error', message, span, ...(hint !== undefined && { hint }) });
    return [];
  });
  return { value, diagnostics };
}
