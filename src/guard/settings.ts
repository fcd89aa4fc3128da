import * as z from 'zod/mini';
import { parsePrefix, type Diagnostic, type Parsed, type Prefix } from '../ip/index.ts';
import { readShape, readYaml, WRONG, type Shape, type YamlDocument } from '../dialect/yaml/index.ts';
import type { Delivery } from './enforce/engine.ts';
import type { Contact } from './page/visit.ts';

/** How a guard is set up. */
export interface GuardSettings {
  readonly delivery: Delivery;
  readonly engine: 'nft' | 'iptables';
  readonly contact: Contact;
}

/** What counts when nothing is said. */
export const DEFAULT_SETTINGS: GuardSettings = {
  delivery: {
    ports: [
      { site: 80, page: 18080 },
      { site: 443, page: 18443 },
    ],
    allowed: [],
  },
  engine: 'nft',
  contact: {},
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

/** The shape of the settings file; what its texts mean is read afterwards. */
export const settingsSchema = said(
  'Settings of the guard',
  z.strictObject({
    ports: said(
      'Ports of the site, each with the port of the page on this machine; 80 and 443 when not said',
      z.optional(z.array(z.strictObject({ site: port, page: port })).check(z.minLength(1))),
    ),
    engine: said('Which firewall: nft, or iptables with ipset', z.optional(z.enum(['nft', 'iptables']))),
    allow: said('Addresses and prefixes that are never blocked', z.optional(z.array(text))),
    contact: said('What the page says about whom to call', z.optional(contact)),
  }),
);

/** The JSON Schema of settings files, for editors. */
export const settingsJsonSchema = (): unknown => ({ title: 'Waymark guard', ...z.toJSONSchema(settingsSchema) });

const SHAPE: Shape<z.infer<typeof settingsSchema>> = {
  schema: settingsSchema,
  empty: {},
  knownKeys: (path) =>
    path.length === 0
      ? Object.keys(settingsSchema.shape)
      : path[0] === 'contact'
        ? Object.keys(contact.shape)
        : path[0] === 'ports'
          ? ['site', 'page']
          : [],
};

/** Reads a settings file. What is wrong is noted; what is not said is as in `DEFAULT_SETTINGS`. Codes: those of `readYaml`, `readShape` and `parsePrefix`. */
export function parseGuardSettings(content: string, source: string): Parsed<GuardSettings> {
  const yaml = readYaml(content, source);
  if (!yaml.value) return { value: DEFAULT_SETTINGS, diagnostics: yaml.diagnostics };
  const shape = readShape(yaml.value, SHAPE);
  const { ports, engine, allow = [], contact: known = {} } = shape.value;
  const allowed = prefixesOf(allow, yaml.value);
  const { phone, email, site } = known;
  return {
    value: {
      delivery: { ports: ports ?? DEFAULT_SETTINGS.delivery.ports, allowed: allowed.value },
      engine: engine ?? DEFAULT_SETTINGS.engine,
      contact: {
        ...(site !== undefined && { site }),
        ...(phone !== undefined && { phone }),
        ...(email !== undefined && { email }),
      },
    },
    diagnostics: fromTop([...yaml.diagnostics, ...shape.diagnostics, ...allowed.diagnostics]),
  };
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
