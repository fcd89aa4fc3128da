import { formatPrefix, type Prefix } from '../../../ip/index.ts';
import { ADDRESS_HEADER, type ProxyPlan } from './nginx-text.ts';
import type { Listed } from './proxy-list.ts';

/** Names of the files in the folder. */
export const HAPROXY_FILES = {
  config: 'waymark.cfg',
  blocked: 'blocked.map',
  allowed: 'allowed.map',
  trusted: 'trusted.map',
} as const;

/** Stands for "no end": later than any date, and exact as a number (2^53 - 1). */
const NO_END = Number.MAX_SAFE_INTEGER;

/** A line of the map: a prefix and until when, in milliseconds since 1970. */
export const mapLine = ({ prefix, until }: Listed): string => `${prefix} ${until ?? NO_END}`;

/** How many proxies may stand in front, one behind the other. */
const HOPS = 3;

/** `http-request` lines that make the visitor's address the source: the last that no trusted proxy has. */
function addressLines(folder: string, { addressFrom }: ProxyPlan): readonly string[] {
  if (addressFrom !== 'x-forwarded-for') return [];
  return Array.from(
    { length: HOPS },
    (_, i) =>
      `http-request set-src hdr_ip(x-forwarded-for,-${i + 1}) if { src,map_ip(${folder}/${HAPROXY_FILES.trusted}) -m found } { hdr_ip(x-forwarded-for,-${i + 1}) -m found }`,
  );
}

/**
 * What stands in each frontend of the site, and a backend. HAProxy compares the ends by its own clock, so that a block ends
 * in time though the guard is gone. HAProxy configuration manual, sections 4.2 (http-request), 7.3.1 (map, date).
 */
export function haproxyConfigText(folder: string, plan: ProxyPlan): string {
  const { blocked, allowed } = HAPROXY_FILES;
  const frontend = [
    ...addressLines(folder, plan),
    `http-request set-var(txn.waymark_until) src,map_ip_int(${folder}/${blocked},0)`,
    `use_backend waymark_page if { date(0,ms),neg,add(txn.waymark_until) gt 0 } !{ src,map_ip(${folder}/${allowed}) -m found }`,
  ];
  return [
    '# Written by waymark guard; what is changed here is lost.',
    `# In each frontend of the site${plan.addressFrom === 'proxy-protocol' ? ', whose bind lines have accept-proxy' : ''}:`,
    ...frontend.map((line) => `#     ${line}`),
    '# And this file beside the configuration: haproxy -f haproxy.cfg -f waymark.cfg',
    'backend waymark_page',
    '    mode http',
    '    timeout connect 5s',
    '    timeout server 30s',
    `    http-request set-header ${ADDRESS_HEADER} %[src]`,
    `    server page 127.0.0.1:${plan.pagePort}`,
    '',
  ].join('\n');
}

/** The file of the map. */
export function mapText(listed: Iterable<Listed>): string {
  const lines: string[] = [];
  for (const one of listed) lines.push(mapLine(one), '\n');
  return lines.join('');
}

/** Prefixes as entries of a map that is only asked whether it has one. */
export const asListed = (prefixes: readonly Prefix[]): readonly Listed[] =>
  prefixes.map((prefix) => ({ prefix: formatPrefix(prefix), until: null }));
