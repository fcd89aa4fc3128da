import * as z from 'zod/mini';
import { parsePrefix, type Diagnostic, type Family, type Prefix } from '../ip/index.ts';
import { WRONG, type YamlDocument } from '../dialect/yaml/index.ts';
import type { AllowKind } from './decide/allow-list.ts';
import { WIDEST } from './decide/target.ts';
import { fileBeside, said, settingsPart } from './settings-part.ts';

/** Some that the settings name: an address or prefix, a name that leads to addresses, a file with a list of them. */
export type Somebody =
  | { readonly kind: 'prefix'; readonly prefix: Prefix }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'file'; readonly path: string };

/** Who is never blocked. */
export interface AllowSettings extends Readonly<Record<(typeof ALLOW_KINDS)[number], readonly Somebody[]>> {
  /** Whether the crawlers of search engines are looked up. */
  readonly searchEngines: boolean;
  /** The shortest length that is blocked without a yes. */
  readonly widest: Readonly<Record<Family, number>>;
}

/** The lists of the settings whose members are never blocked. */
export const ALLOW_KINDS = ['allow', 'proxies', 'peers'] as const satisfies readonly AllowKind[];

const somebody = (words: string) => said(words, z.optional(z.array(z.string())));
const upTo = (most: number) => z.optional(z.int().check(z.minimum(0), z.maximum(most)));

/** `allow`, `proxies`, `peers`, `search-engines`, `widest`. Codes: those of `parsePrefix`. */
export const allowSettings = settingsPart({
  fields: {
    allow: somebody('Who is never blocked: addresses, prefixes, names, files (with a slash: ./office.txt)'),
    proxies: somebody('Proxies and CDNs in front of the site; never blocked'),
    peers: somebody('Machines that share decisions with this one; never blocked'),
    'search-engines': said(
      'Whether crawlers of search engines are never blocked: known by their reverse names; false when not said',
      z.optional(z.boolean()),
    ),
    widest: said(
      'The shortest prefix lengths that are blocked without --yes; 8 and 19 when not said',
      z.optional(z.strictObject({ ipv4: upTo(32), ipv6: upTo(128) })),
    ),
  },
  usual: {
    ...{ allow: [], proxies: [], peers: [] },
    ...{ searchEngines: false, widest: WIDEST },
  },
  read(settings, document) {
    const diagnostics: Diagnostic[] = [];
    const all = (key: (typeof ALLOW_KINDS)[number]): readonly Somebody[] => {
      return (settings[key] ?? []).flatMap((word, i) => readSomebody(word, [key, i], document, diagnostics));
    };
    const value: AllowSettings = {
      allow: all('allow'),
      proxies: all('proxies'),
      peers: all('peers'),
      searchEngines: settings['search-engines'] ?? false,
      widest: { 4: settings.widest?.ipv4 ?? WIDEST[4], 6: settings.widest?.ipv6 ?? WIDEST[6] },
    };
    return { value, diagnostics };
  },
});

/** RFC 1123 2.1: the last label has a letter, or it would be an address. */
const NAME =
  /^(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)*(?=[a-z0-9-]*[a-z])[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;

function readSomebody(
  word: string,
  path: readonly [string, number],
  document: YamlDocument,
  diagnostics: Diagnostic[],
): readonly Somebody[] {
  if (word === WRONG) return [];
  if (/^\.{0,2}\//.test(word)) return [{ kind: 'file', path: fileBeside(word, document) }];
  if (NAME.test(word)) return [{ kind: 'name', name: word }];
  const prefix = parsePrefix(word);
  if (prefix.ok) return [{ kind: 'prefix', prefix: prefix.value }];
  const { code, message, hint } = prefix;
  diagnostics.push({
    ...{ code, severity: 'error', message, span: document.at(path) },
    ...(hint !== undefined && { hint }),
  });
  return [];
}
